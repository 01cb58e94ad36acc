"""A cohort -> answers, as frozen records, never rounded."""
