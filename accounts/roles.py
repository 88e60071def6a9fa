"""The roles of the access table (roles.md), by their names in code."""

SUPPORT_OFFICER = "support_officer"
LEAD_HMI = "lead_hmi"
OFSTED_INSPECTOR = "ofsted_inspector"
CQC_INSPECTOR = "cqc_inspector"
SENIOR_HMI = "senior_hmi"
CQC_QUALITY_ASSURER = "cqc_quality_assurer"
REGIONAL_DIRECTOR = "regional_director"
HMCI = "hmci"
PUBLICATIONS = "publications"
LANO = "lano"
HEALTH_LANO = "health_lano"
DCS = "dcs"
HEALTH_CHIEF_EXECUTIVE = "health_chief_executive"
REPRESENTATIVE = "representative"
SEND_LEAD = "send_lead"
CHIEF_EXECUTIVE = "chief_executive"
PARENT_CARER_FORUM = "parent_carer_forum"
ADVISER = "adviser"
OFFICIAL = "official"
MINISTER = "minister"
DHSC = "dhsc"
CHAIR = "chair"
ADMINISTRATOR = "administrator"

#: A standing HMI: may lead an inspection once named as its lead HMI.
HMI = "hmi"

LABELS = {
    SUPPORT_OFFICER: "Support officer",
    HMI: "His Majesty's Inspector",
    LEAD_HMI: "Lead HMI",
    OFSTED_INSPECTOR: "Ofsted Inspector",
    CQC_INSPECTOR: "CQC inspector",
    SENIOR_HMI: "Senior HMI",
    CQC_QUALITY_ASSURER: "CQC quality assurer",
    REGIONAL_DIRECTOR: "Regional director",
    HMCI: "HMCI",
    PUBLICATIONS: "Publications and policy",
    LANO: "Local area nominated officer",
    HEALTH_LANO: "Health equivalent of the LANO",
    DCS: "Director of children's services",
    HEALTH_CHIEF_EXECUTIVE: "Chief executive, health commissioner",
    REPRESENTATIVE: "Named representative",
    SEND_LEAD: "SEND lead",
    CHIEF_EXECUTIVE: "Council chief executive or elected member",
    PARENT_CARER_FORUM: "Parent carer forum",
    ADVISER: "DfE or NHS England adviser",
    OFFICIAL: "DfE or NHS England official",
    MINISTER: "Minister's office",
    DHSC: "Department of Health and Social Care",
    CHAIR: "Improvement board chair",
    ADMINISTRATOR: "Administrator",
}
CHOICES = list(LABELS.items())

#: Those who may know of a case before the local area is told.
INSPECTORATE = frozenset(
    {
        SUPPORT_OFFICER,
        HMI,
        LEAD_HMI,
        OFSTED_INSPECTOR,
        CQC_INSPECTOR,
        SENIOR_HMI,
        CQC_QUALITY_ASSURER,
        REGIONAL_DIRECTOR,
        HMCI,
        PUBLICATIONS,
    }
)
