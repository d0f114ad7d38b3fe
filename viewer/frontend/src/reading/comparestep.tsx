// Step two: the original report as numbered statements, each judged beside the reader's findings.
import { useEffect, useRef } from 'preact/hooks';
import type { Statement } from '../lib/api';
import { moment } from '../lib/words';
import { useRoom } from './context';
import { DifferMenu } from './differmenu';
import { FindingCard, placeWords } from './finding';
import {
  AGREE,
  GREAT_CALL,
  type Item,
  pairedWith,
  rowsOf,
  verdictOf,
  verdictWords,
  withoutMarker,
} from './ledger';

export function CompareStep() {
  const room = useRoom();
  const { comparison } = room;
  const report = comparison.report.value;
  if (!report) return null;
  const judged = new Set(report.statements.map((s) => s.section));
  const folded = report.sections.filter((s, i) => !judged.has(i) && s.text.trim());
  const alone = comparison.items.value.filter((i) => i.kind === 'finding');
  return (
    <>
      <div class="head">
        <h2 tabIndex={-1}>
          Original report{' '}
          <span class="soft" data-testid="report-status">
            {report.status} · version {report.version} · {moment(report.reported_at ?? report.received_at)}
          </span>
        </h2>
        <p class="faint keys">
          Agree <kbd>A</kbd> Differ <kbd>D</kbd> Pair <kbd>F</kbd> Next <kbd>↓</kbd> Show <kbd>↵</kbd>
        </p>
      </div>
      <div class="scroll" data-testid="report">
        {room.view.value?.returned_because && (
          <p class="told" data-testid="returned">
            <b>Returned by the quality lead.</b> {room.view.value.returned_because}
          </p>
        )}
        {room.view.value?.newer_report && (
          <p class="told">
            A newer version of this report has arrived. You compare with the version you were bound to.
          </p>
        )}
        {folded.map((section) => (
          <details key={section.title} class="folded">
            <summary>{section.title}</summary>
            <p>{section.text}</p>
          </details>
        ))}
        <ol class="statements">
          {report.statements.map((statement, i) => (
            <StatementRow
              key={statement.number}
              statement={statement}
              section={
                statement.section !== report.statements[i - 1]?.section
                  ? (report.sections[statement.section]?.title ?? '')
                  : ''
              }
            />
          ))}
        </ol>
        <h3 class="part">Not in the report</h3>
        {alone.map((item) => (
          <AloneRow key={item.number} item={item} />
        ))}
        {!alone.length && (
          <p class="faint">
            {comparison.findings.value.length
              ? 'Every finding of yours is paired.'
              : 'You recorded no abnormality.'}
          </p>
        )}
      </div>
    </>
  );
}

/** Keeps the row the reader stands on in sight. */
function useInSight(current: boolean) {
  const row = useRef<HTMLLIElement & HTMLDivElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return row;
}

function StatementRow({ statement, section }: { statement: Statement; section: string }) {
  const room = useRoom();
  const { comparison } = room;
  const item: Item = { kind: 'statement', number: statement.number };
  const rows = comparison.rows.value;
  const verdict = verdictOf(rows, item);
  const current = comparison.isCurrent(item);
  const ref = useInSight(current);
  const paired = pairedWith(rows, statement.number);
  const findings = comparison.findings.value.filter((f) => paired.includes(f.number));
  return (
    <>
      {section && (
        <li class="sectionname faint" aria-hidden="true">
          {section}
        </li>
      )}
      <li
        ref={ref}
        class="statement"
        aria-current={current ? 'true' : undefined}
        data-testid={`statement-${statement.number}`}
      >
        <button
          type="button"
          class="plain what"
          onClick={() => {
            comparison.cursor.value = item;
            if (findings[0]) void room.showFinding(findings[0]);
          }}
        >
          <span class="n">{statement.number}</span>
          <span>{withoutMarker(statement.text)}</span>
        </button>
        <Verdict item={item} />
        {current && <Buttons item={item} />}
        {comparison.choosing.value && comparison.isCurrent(item) && <DifferMenu item={item} />}
        {current && comparison.findings.value.length > 0 && <Pairing statement={statement.number} />}
        {current && findings.map((f) => <FindingCard key={f.number} entry={f} />)}
        {verdict && verdict !== AGREE && current && (
          <Note item={item} value={rowsOf(rows, item)[0]?.note ?? ''} />
        )}
      </li>
    </>
  );
}

function AloneRow({ item }: { item: Item }) {
  const room = useRoom();
  const { comparison } = room;
  const finding = comparison.findings.value.find((f) => f.number === item.number);
  const current = comparison.isCurrent(item);
  const ref = useInSight(current);
  if (!finding) return null;
  return (
    <div
      ref={ref}
      class="statement"
      aria-current={current ? 'true' : undefined}
      data-testid={`alone-F${item.number}`}
    >
      <button
        type="button"
        class="plain what"
        onClick={() => {
          comparison.cursor.value = item;
          void room.showFinding(finding);
        }}
      >
        <span class="n">F{item.number}</span>
        <span>
          {finding.what.meaning} <span class="faint">{placeWords(finding)}</span>
        </span>
      </button>
      <Verdict item={item} />
      {current && <Buttons item={item} />}
      {comparison.choosing.value && current && <DifferMenu item={item} />}
      {current && <FindingCard entry={finding} />}
    </div>
  );
}

function Verdict({ item }: { item: Item }) {
  const room = useRoom();
  const rows = room.comparison.rows.value;
  const verdict = verdictOf(rows, item);
  const tone = verdict === null ? '' : verdict === AGREE || verdict === GREAT_CALL ? 'agree' : 'differ';
  return (
    <span
      class={`verdict ${tone}`}
      data-testid={`verdict-${item.kind === 'finding' ? 'F' : ''}${item.number}`}
    >
      {verdictWords(rows, item, room.terms.value?.discrepancy_types ?? [])}
      {verdict === null && <span class="spoken"> not judged yet</span>}
    </span>
  );
}

function Buttons({ item }: { item: Item }) {
  const { comparison } = useRoom();
  return (
    <p class="row judge">
      {item.kind === 'statement' && (
        <button type="button" class="ghost" data-testid="agree" onClick={() => comparison.agree(item)}>
          Agree<kbd>A</kbd>
        </button>
      )}
      <button
        type="button"
        class="ghost"
        data-testid="differ"
        aria-haspopup="menu"
        onClick={() => {
          comparison.choosing.value = item;
        }}
      >
        Differ<kbd>D</kbd>
      </button>
    </p>
  );
}

function Pairing({ statement }: { statement: number }) {
  const { comparison } = useRoom();
  const paired = pairedWith(comparison.rows.value, statement);
  return (
    <p class="row pairing">
      <span class="faint">
        Same thing as <kbd>F</kbd>
      </span>
      {comparison.findings.value.map((f) => (
        <button
          key={f.number}
          type="button"
          class="chip"
          data-testid={`pair-F${f.number}`}
          aria-pressed={paired.includes(f.number)}
          onClick={() => comparison.toggle(statement, f.number)}
        >
          F{f.number} {f.what.meaning}
        </button>
      ))}
    </p>
  );
}

function Note({ item, value }: { item: Item; value: string }) {
  const { comparison } = useRoom();
  return (
    <label class="remark">
      <span>Note</span>
      <textarea
        rows={1}
        data-testid="row-note"
        value={value}
        placeholder="optional"
        onInput={(e) => comparison.note(item, e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === 'Escape') e.currentTarget.blur();
        }}
      />
    </label>
  );
}
