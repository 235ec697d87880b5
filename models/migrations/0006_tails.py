from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# Both databases count characters from 1; a number has ten digits at least.
FILL = "UPDATE case_file SET tail = substr(number, length(number) - 3)"


class Migration(migrations.Migration):
    dependencies = [('models', '0005_held_deliveries')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Case',
            name='tail',
            field=fields.CharField(max_length=4, default='', db_default=''),
        ),
        ops.RunSQL(FILL, ops.RunSQL.noop),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['tail', 'state', 'id']),
        ),
    ]
