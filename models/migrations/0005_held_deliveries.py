from tortoise import migrations
from tortoise.migrations import operations as ops
from models.deliveries.stops import Why
from models.deliveries.tables import Owing
from tortoise import fields

# What the release before gave up though nothing was wrong with it. Codes that speak of our own data stay failed, as
# they were known to that release; 0 is no answer of the platform: a photo that is not there, or no connection.
OUR_DATA = (
    "0, 40007, 45067, 47003, 47001, 40033, 44004, 45002, 43108, 45157, 45158, 45159, 45056, 45057, 45058, 45059,"
    " 40004, 40006, 40008, 40009, 44001, 44002, 45001, 45003, 45004, 45005, 45006, 45007, 45008"
)
OWE_AGAIN = f"UPDATE delivery SET state = 'owed' WHERE state = 'failed' AND code NOT IN ({OUR_DATA})"
OWE_UNSENT = (
    "UPDATE delivery SET state = 'owed' WHERE state = 'failed' AND code = 0 AND"
    " (note LIKE '%ClientConnector%' OR note LIKE '%ConnectionTimeoutError' OR note LIKE 'token table%')"
)
# A template whose answers were lost again and again may have arrived.
ASK_A_PERSON = (
    "UPDATE delivery SET state = 'uncertain' WHERE state = 'failed' AND code = 0 AND channel = 'template'"
    " AND note LIKE 'message/template/send%'"
)


class DescribeField(ops.AlterField):
    """A state more is nothing to the database, which keeps text; altering would build SQLite's table anew, unindexed."""

    async def database_forward(self, *_args: object, **_options: object) -> None:
        return None

    async def database_backward(self, *_args: object, **_options: object) -> None:
        return None


class Migration(migrations.Migration):
    dependencies = [('models', '0004_teaching')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Stop',
            fields=[
                ('way', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ('why', fields.CharEnumField(description='MINUTE: minute\nQUOTA: quota\nTOKEN: token\nSECRET: secret\nADDRESS: address\nRIGHTS: rights\nTEMPLATE: template\nBUSY: busy\nUNREACHABLE: unreachable\nUNANSWERED: unanswered\nUNKNOWN: unknown', enum_type=Why, max_length=12)),
                ('code', fields.IntField(default=0)),
                ('note', fields.CharField(default='', max_length=200)),
                ('rid', fields.CharField(default='', max_length=64)),
                ('strikes', fields.IntField(default=0)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('next_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'sending_stop', 'app': 'models', 'pk_attr': 'way', 'table_description': '停发: a way out that is stopped. One row a way, kept after its end, so that people are not told at every turn.'},
            bases=['Model'],
        ),
        DescribeField(
            model_name='Delivery',
            name='state',
            field=fields.CharEnumField(default=Owing.OWED, description='OWED: owed\nHELD: held\nSENDING: sending\nSENT: sent\nWAITING: waiting\nUNCERTAIN: uncertain\nDROPPED: dropped\nFAILED: failed', enum_type=Owing, max_length=12),
        ),
        ops.AddField(
            model_name='Delivery',
            name='doubtful_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Delivery',
            name='way',
            field=fields.CharField(default='', db_default='', max_length=80),
        ),
        ops.RunSQL(OWE_AGAIN, ops.RunSQL.noop),
        ops.RunSQL(OWE_UNSENT, ops.RunSQL.noop),
        ops.RunSQL(ASK_A_PERSON, ops.RunSQL.noop),
    ]
