"""Every write about studies: their stages, their people, their settings and the wording of their criteria."""

from feedback.studies.actions.members import (
    Invited,
    LastLead,
    NewMember,
    add_member,
    invite,
    invite_many,
    remove_member,
    renew_link,
    welcome_lead,
)
from feedback.studies.actions.opening import (
    archive_study,
    close_study,
    open_study,
    pause_study,
    resume_study,
    unarchive_study,
)
from feedback.studies.actions.settings import change_settings
from feedback.studies.actions.wording import (
    NotRemoved,
    Wording,
    add_criterion,
    move_criterion,
    remove_criterion,
    reword_criterion,
)

__all__ = [
    "Invited",
    "LastLead",
    "NewMember",
    "NotRemoved",
    "Wording",
    "add_criterion",
    "add_member",
    "archive_study",
    "change_settings",
    "close_study",
    "invite",
    "invite_many",
    "move_criterion",
    "open_study",
    "pause_study",
    "remove_criterion",
    "remove_member",
    "renew_link",
    "resume_study",
    "reword_criterion",
    "unarchive_study",
    "welcome_lead",
]
