// GOV.UK Frontend's own components.
govuk.initAll();
