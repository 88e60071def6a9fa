// Runs before the page is painted, so that components show their enhanced form at once.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
