from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "overview"

    def ready(self) -> None:
        from accounts.services import register_named
        from areas.contacts import register_panel
        from design_system import navigation
        from overview import area_access, cases_on_links, merger_effects
        from overview.cases_of_area import cases_of_area
        from overview.history import panel as history_panel
        from overview.named_on_cases import named_on_cases
        from overview.programme.access import in_the_menu
        from overview.programme.access import register as register_programme

        area_access.register()
        merger_effects.register()
        cases_on_links.register()
        register_programme()
        history_panel.register()
        register_named(named_on_cases)
        register_panel("overview/cases_of_area.html", cases_of_area)
        navigation.register("Home", "home", order=10)
        navigation.register("Programme", "programme", visible=in_the_menu, order=15)
        navigation.register("Timetable", "timetable", order=40)
        navigation.register_footer_link("Working days", "working_days", order=10)
        navigation.register_footer_link("Accessibility", "accessibility", order=20)
