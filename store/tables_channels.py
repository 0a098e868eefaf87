"""The tables of what only some platforms need: attachments, tokens, answers, who has to tap."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from store.partial import Partial
from store.tables import Id, Moment, metadata

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, nullable=False),
    Column("channel", String(60), nullable=False),
    Column("conversation", String(300), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("name", String(300), nullable=False),
    Column("ref_json", Text, nullable=False),
    Column("key", String(64), nullable=False),
    Column("state", String(20), nullable=False),  # waiting | kept | lost
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", Moment),
    Column("case_id", Id),
    Column("stage", String(20)),  # report | result
)
Index("ix_media_sender", media.c.conversation, media.c.sender, media.c.at)
Index("ix_media_case", media.c.case_id)
Partial("ix_media_waiting", media.c.due_at, where=media.c.state == "waiting")

# Access tokens of the platforms: one for each secret, shared by all processes.
tokens = Table(
    "tokens",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("token", Text, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

# Where reading a platform's stream of messages stands.
cursors = Table(
    "cursors",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
)

# Who outside the corp agreed that what he writes is kept; a place is a group or a member.
archive_consents = Table(
    "archive_consents",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("place", String(200), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("answer", String(20), nullable=False),  # agreed | refused | unknown
    Column("changed_at", Moment, nullable=False),  # when he said so, as the platform tells it
    Column("asked_at", Moment, nullable=False),  # when we last learned of it
    Column("ever", Boolean, nullable=False),  # agreed once: something of his may be kept
)
Index("ix_archive_consents_person", archive_consents.c.channel, archive_consents.c.person)

# Messages to customer groups: nothing is posted before the group's owner has tapped.
group_tasks = Table(
    "group_tasks",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("once", String(400), primary_key=True),
    Column("msgid", String(200), nullable=False),
    Column("chat", String(200), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # waiting | sent | refused | expired
    Column("created_at", Moment, nullable=False),
    Column("asked_at", Moment, nullable=False),  # when the sender was last asked to tap
    Column("asks", Integer, nullable=False),
    Column("looked_at", Moment, nullable=False),  # when the platform was last asked how it stands
    Column("settled_at", Moment),
)
Index("ix_group_tasks_chat", group_tasks.c.channel, group_tasks.c.chat, group_tasks.c.created_at)
Partial(
    "ix_group_tasks_waiting",
    group_tasks.c.channel,
    group_tasks.c.looked_at,
    where=group_tasks.c.state == "waiting",
)

# Answers on their way to a robot whose platform comes to fetch them; kept for two hours.
streams = Table(
    "streams",
    metadata,
    Column("channel", String(60), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("letter", String(300), nullable=False),  # inbox.dedupe of the message
    Column("chat", String(200), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("state", String(20), nullable=False),  # held | open | ready | taken | closed
    Column("url", Text, nullable=False),  # a secret: speaks once as the robot; "" once it did
    Column(
        "once", String(400), nullable=False
    ),  # outbox.once of the answer, "" while there is none
    Column("answer", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # when the platform last waited or asked for it
)
Index("ix_streams_sender", streams.c.channel, streams.c.sender, streams.c.opened_at)
