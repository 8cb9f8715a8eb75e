"""place in the status list

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 01:58:04.193527

"""
from alembic import op
import sqlalchemy as sa

from app.models.record_columns import keeping, released


# revision identifiers, used by Alembic.
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BEFORE = (
    'id', 'round_id', 'recognition_id', 'series_id', 'number', 'serial', 'code', 'content', 'content_digest',
    'design', 'design_digest', 'file_digest', 'sha256', 'valid_from', 'valid_until', 'issued_at', 'issued_by_id',
    'replaces_id',
)
KEPT = (*BEFORE, 'status_index')
NEVER = "OLD.state <> 'issued' AND OLD.state <> NEW.state"


def _keep(columns):
    dialect = op.get_bind().dialect.name
    for statement in (*released(dialect, 'certificate'), *keeping(dialect, 'certificate', columns, NEVER)):
        op.execute(statement)


def upgrade():
    # Not as a batch: SQLite would make the table anew, without its triggers.
    op.add_column('certificate', sa.Column('status_index', sa.Integer(), nullable=True))
    # Places in the order in which the certificates were issued, from 0 and without gaps.
    op.execute(
        'UPDATE certificate SET status_index = ranked.place FROM '
        '(SELECT id AS key, row_number() OVER (ORDER BY id) - 1 AS place FROM certificate) AS ranked '
        'WHERE ranked.key = certificate.id'
    )
    op.execute(
        "INSERT INTO certificate_series (key, year, pattern, next_number) "
        "SELECT 'status-list', 0, '', count(*) + 1 FROM certificate HAVING count(*) > 0"
    )
    op.create_index('uq_certificate_status_index', 'certificate', ['status_index'], unique=True)
    _keep(KEPT)


def downgrade():
    _keep(BEFORE)
    op.drop_index('uq_certificate_status_index', table_name='certificate')
    op.drop_column('certificate', 'status_index')
    for statement in released(op.get_bind().dialect.name, 'certificate_series'):
        op.execute(statement)
    op.execute("DELETE FROM certificate_series WHERE key = 'status-list'")
    series = (('id', 'key', 'year', 'pattern'), 'NEW.next_number < OLD.next_number')
    for statement in keeping(op.get_bind().dialect.name, 'certificate_series', *series):
        op.execute(statement)
