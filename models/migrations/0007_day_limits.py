from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0006_tails')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Request',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=80)),
                ('digest', fields.CharField(max_length=64)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'request', 'app': 'models', 'pk_attr': 'id', 'table_description': '请求: what a program asked for under an idempotency key, with a digest of the content.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Tally',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('mark', fields.CharField(max_length=64)),
                ('what', fields.CharField(max_length=20)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'tally', 'app': 'models', 'indexes': [Index(fields=['mark', 'what', 'at'])], 'pk_attr': 'id', 'table_description': '计数: one use of something limited. ``mark`` is a keyed hash of the openid (``Links.mark``), no row of a person.'},
            bases=['Model'],
        ),
    ]
