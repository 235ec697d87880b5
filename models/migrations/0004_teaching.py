from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0003_lists')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LexiconVersion',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.IntField(unique=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('by', fields.CharField(max_length=80)),
                ('why', fields.CharField(max_length=300)),
                ('words', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('change', fields.CharField(max_length=300)),
            ],
            options={'table': 'lexicon_version', 'app': 'models', 'pk_attr': 'id', 'table_description': '词库版本: all words in which the town differs from its city folder from then on, appended and never changed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TypeCorrection',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('case', fields.ForeignKeyField('models.Case', source_field='case_id', db_constraint=True, to_field='id', related_name='corrections', on_delete=OnDelete.CASCADE)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('said', fields.CharField(max_length=30)),
                ('right', fields.CharField(max_length=30)),
                ('role', fields.CharField(max_length=16)),
            ],
            options={'table': 'type_correction', 'app': 'models', 'pk_attr': 'id', 'table_description': '类别更正: a case was said to be ``said``, a person made it ``right``. The words stay with the case.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WordProposal',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('type', fields.CharField(max_length=30)),
                ('word', fields.CharField(max_length=20)),
                ('weight', fields.FloatField()),
                ('cases', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('elsewhere', fields.IntField()),
                ('better', fields.IntField()),
                ('worse', fields.IntField()),
                ('state', fields.CharField(default='open', max_length=10)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by', fields.CharField(default='', max_length=80)),
                ('why', fields.CharField(default='', max_length=300)),
            ],
            options={'table': 'word_proposal', 'app': 'models', 'unique_together': (('type', 'word'),), 'pk_attr': 'id', 'table_description': '关键词建议: a word that corrections speak for: it counts once a person has accepted it.'},
            bases=['Model'],
        ),
    ]
