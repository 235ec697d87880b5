from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from models.access import Access
from models.exchange.tables import Passing
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ApiToken',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=60)),
                ('role', fields.CharEnumField(description='READER: reader\nOFFICER: officer\nDISPATCHER: dispatcher\nADMIN: admin', enum_type=Access, max_length=12)),
                ('unit', fields.CharField(default='', max_length=40)),
                ('digest', fields.CharField(unique=True, max_length=64)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'api_token', 'app': 'models', 'pk_attr': 'id', 'table_description': "令牌: a program's permission. The token itself is shown once and never kept."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('who', fields.CharField(max_length=80)),
                ('role', fields.CharField(default='', max_length=16)),
                ('door', fields.CharField(max_length=20)),
                ('address', fields.CharField(default='', max_length=60)),
                ('action', fields.CharField(max_length=60)),
                ('subject', fields.CharField(default='', max_length=60)),
                ('outcome', fields.CharField(default='', max_length=20)),
            ],
            options={'table': 'audit_entry', 'app': 'models', 'indexes': [Index(fields=['who', 'id']), Index(fields=['subject', 'id'])], 'pk_attr': 'id', 'table_description': '操作日志: one act of a person of the staff, a program or a command. No openid, phone or address of a person.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LookBack',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('case', fields.ForeignKeyField('models.Case', source_field='case_id', db_constraint=True, to_field='id', related_name='look_backs', on_delete=OnDelete.RESTRICT)),
                ('days', fields.IntField()),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name='look_backs', on_delete=OnDelete.SET_NULL)),
                ('done_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('found', fields.BooleanField(null=True)),
                ('opened', fields.ForeignKeyField('models.Case', source_field='opened_id', null=True, db_constraint=True, to_field='id', related_name='found_by', on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'look_back', 'app': 'models', 'unique_together': (('case', 'days'),), 'indexes': [Index(fields=['asked_at', 'due_at']), Index(fields=['person_id', 'done_at'])], 'pk_attr': 'id', 'table_description': '回头看: a shop case is looked at again some days after its closing.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PatrolVisit',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='visits', on_delete=OnDelete.CASCADE)),
                ('area', fields.CharField(max_length=40)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('lat', fields.FloatField()),
                ('lng', fields.FloatField()),
                ('note', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'patrol_visit', 'app': 'models', 'indexes': [Index(fields=['area', 'at']), Index(fields=['person_id', 'at'])], 'pk_attr': 'id', 'table_description': '巡查打卡: somebody walked a road or grid. Only the point of the check-in is kept, never a track.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Shop',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=80)),
                ('kind', fields.CharField(default='', max_length=20)),
                ('address', fields.CharField(default='', max_length=200)),
                ('lat', fields.FloatField(null=True)),
                ('lng', fields.FloatField(null=True)),
                ('grid', fields.CharField(default='', max_length=40)),
                ('street', fields.CharField(default='', max_length=40)),
                ('road', fields.CharField(default='', max_length=40)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shop', 'app': 'models', 'unique_together': (('name', 'address'),), 'indexes': [Index(fields=['street', 'name'])], 'pk_attr': 'id', 'table_description': '店铺: a business at an address. Its name is public, its people are not kept here.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Subscriber',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=80)),
                ('url', fields.CharField(max_length=400)),
                ('secret', fields.CharField(max_length=80)),
                ('types', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('sources', fields.JSONField(default=list, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('stopped_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'subscriber', 'app': 'models', 'pk_attr': 'id', 'table_description': '订阅方: a system that is told of every change of the cases it asked for.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='System',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(unique=True, max_length=40)),
                ('name', fields.CharField(max_length=80)),
                ('secret', fields.CharField(max_length=80)),
                ('source', fields.CharField(default='第三方', max_length=20)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('stopped_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'system', 'app': 'models', 'pk_attr': 'id', 'table_description': '接入系统: a camera platform or another city system that may open cases here.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Received',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('system', fields.ForeignKeyField('models.System', source_field='system_id', db_constraint=True, to_field='id', related_name='received', on_delete=OnDelete.CASCADE)),
                ('key', fields.CharField(max_length=120)),
                ('digest', fields.CharField(max_length=64)),
                ('status', fields.IntField(default=0)),
                ('answer', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'received', 'app': 'models', 'unique_together': (('system', 'key'),), 'pk_attr': 'id', 'table_description': 'What a system sent under an idempotency key, and what we answered: the same key gets the same answer.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Transfer',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('subscriber', fields.ForeignKeyField('models.Subscriber', source_field='subscriber_id', db_constraint=True, to_field='id', related_name='transfers', on_delete=OnDelete.CASCADE)),
                ('case', fields.ForeignKeyField('models.Case', source_field='case_id', db_constraint=True, to_field='id', related_name='transfers', on_delete=OnDelete.CASCADE)),
                ('seq', fields.IntField()),
                ('payload', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('state', fields.CharEnumField(default=Passing.OWED, description='OWED: owed\nSENT: sent\nDEAD: dead', enum_type=Passing, max_length=8)),
                ('tries', fields.IntField(default=0)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('claimed_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('trouble', fields.CharField(default='', max_length=200)),
            ],
            options={'table': 'transfer', 'app': 'models', 'unique_together': (('subscriber', 'case', 'seq'),), 'indexes': [Index(fields=['state', 'due_at']), Index(fields=['subscriber_id', 'case_id', 'state', 'seq'])], 'pk_attr': 'id', 'table_description': '交换: one change of one case, owed to one subscriber. Those of a case go in the order of its history.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Case',
            name='asked',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='Case',
            name='assignee',
            field=fields.ForeignKeyField('models.Person', source_field='assignee_id', null=True, db_constraint=True, to_field='id', related_name='asked', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Case',
            name='back_to',
            field=fields.CharField(default='', db_default='', max_length=16),
        ),
        ops.AddField(
            model_name='Case',
            name='before',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='Case',
            name='checker',
            field=fields.ForeignKeyField('models.Person', source_field='checker_id', null=True, db_constraint=True, to_field='id', related_name='checks', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Case',
            name='clocks',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='Case',
            name='contractor',
            field=fields.CharField(default='', db_default='', max_length=60),
        ),
        ops.AddField(
            model_name='Case',
            name='drawn',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='excused',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='extended',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='flagged',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='head',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='Case',
            name='ladder',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='late',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='parent',
            field=fields.ForeignKeyField('models.Case', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name='parts', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Case',
            name='pattern',
            field=fields.ForeignKeyField('models.Case', source_field='pattern_id', null=True, db_constraint=True, to_field='id', related_name='instances', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Case',
            name='reopened',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='returned',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='same_as',
            field=fields.ForeignKeyField('models.Case', source_field='same_as_id', null=True, db_constraint=True, to_field='id', related_name='linked', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Case',
            name='shop',
            field=fields.ForeignKeyField('models.Shop', source_field='shop_id', null=True, db_constraint=True, to_field='id', related_name='cases', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Case',
            name='steps',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='suspended',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Case',
            name='waiting',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Case',
            name='wake_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['wake_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['waiting', 'due_at']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['assignee_id', 'state']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['checker_id', 'state']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['parent_id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['same_as_id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['pattern_id']),
        ),
        ops.AddIndex(
            model_name='Case',
            index=Index(fields=['shop_id', 'type']),
        ),
        ops.AddField(
            model_name='CaseEvent',
            name='client',
            field=fields.CharField(default='', db_default='', max_length=60),
        ),
        ops.AddField(
            model_name='CaseEvent',
            name='data',
            field=fields.JSONField(default=dict, db_default=SqlDefault("'{}'"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        ops.AddField(
            model_name='CaseEvent',
            name='digest',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='CaseEvent',
            name='previous',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='CaseEvent',
            name='seq',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddIndex(
            model_name='CaseEvent',
            index=Index(fields=['step', 'at']),
        ),
        ops.AddField(
            model_name='Following',
            name='linked_from',
            field=fields.BigIntField(null=True),
        ),
    ]
