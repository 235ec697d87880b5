from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# The states as they were when the lists got columns of their own; later changes of states bring their own migration.
FILL = (
    "UPDATE case_file SET is_open = state IN ('reported', 'accepted', 'dispatched', 'handling', 'asking', 'suspended',"
    " 'returned', 'split', 'handed_back', 'verified'), at_work = state IN ('dispatched', 'handling'),"
    " at_desk = waiting OR state IN ('reported', 'accepted', 'returned', 'handed_back', 'verified', 'disputed')"
)


class Migration(migrations.Migration):
    dependencies = [('models', '0002_closed_loop')]

    initial = False

    operations = [
        ops.RemoveIndex(
            model_name='Case',
            name=None,
            fields=['type', 'state', 'lat'],
        ),
        ops.RemoveIndex(
            model_name='Case',
            name=None,
            fields=['handler_id', 'state'],
        ),
        ops.RemoveIndex(
            model_name='Case',
            name=None,
            fields=['unit', 'state'],
        ),
        ops.RemoveIndex(
            model_name='Case',
            name=None,
            fields=['waiting', 'due_at'],
        ),
        ops.AddField(
            model_name='Case',
            name='at_desk',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='at_work',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='is_open',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunSQL(FILL, ops.RunSQL.noop),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['type', 'is_open', 'lat']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['is_open', 'due_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['at_desk', 'due_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['handler_id', 'at_work', 'due_at']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['unit', 'at_work', 'due_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['unit', 'opened_at', 'id']),
        ),
    ]
