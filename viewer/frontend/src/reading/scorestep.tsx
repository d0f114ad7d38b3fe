// Step three: how bad, why, what to do; then the signature.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Row } from '../lib/api';
import { useRoom } from './context';
import { differs, type Item, verdictWords, withoutMarker } from './ledger';
import { Radios } from './radios';

const itemOf = (row: Row): Item =>
  row.statement !== null
    ? { kind: 'statement', number: row.statement }
    : { kind: 'finding', number: row.finding ?? 0 };

export function ScoreStep() {
  const room = useRoom();
  const { comparison } = room;
  const scheme = room.view.value?.scheme;
  const terms = room.terms.value;
  const scale = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const inputs = scale.current?.querySelectorAll<HTMLInputElement>('input');
    (scale.current?.querySelector<HTMLInputElement>('input:checked') ?? inputs?.[0])?.focus();
  }, []);
  if (!scheme || !terms) return null;
  const score = comparison.score.value;
  const option = scheme.options.find((o) => o.value === score.value);
  const cause = terms.causes.find((c) => c.code === score.cause);
  const seen = new Set<number>();
  // A statement that speaks of several findings stands here once.
  const different = comparison.rows.value.filter(
    (r) => differs(r) && !(r.statement !== null && (seen.has(r.statement) || !seen.add(r.statement))),
  );
  const report = comparison.report.value;
  return (
    <>
      <div class="head">
        <h2 tabIndex={-1}>
          Score <span class="soft">{scheme.title}</span>
        </h2>
        <p class="faint keys">
          Choose <kbd>←</kbd> <kbd>→</kbd> Next entry <kbd>Tab</kbd> Back to the comparison{' '}
          <button type="button" class="key" onClick={() => (room.scoring.value = false)}>
            <kbd>B</kbd>
          </button>
        </p>
      </div>
      <div class="scroll">
        <ul class="summary">
          {different.map((row) => (
            <li key={`${row.statement}-${row.finding}`}>
              <span>
                {row.statement !== null
                  ? `${row.statement}  ${withoutMarker(report?.statements.find((s) => s.number === row.statement)?.text ?? '')}`
                  : `F${row.finding}  ${comparison.findings.value.find((f) => f.number === row.finding)?.what.meaning ?? ''}`}
              </span>
              <span class="verdict differ">
                {verdictWords(comparison.rows.value, itemOf(row), terms.discrepancy_types)}
              </span>
            </li>
          ))}
          {!different.length && <li class="soft">Nothing is marked as differing.</li>}
        </ul>
        <fieldset class="scale">
          <legend>Score</legend>
          <div ref={scale}>
            {scheme.options.map((o) => (
              <label key={o.value} class={o.value === score.value ? 'chosen' : ''} title={o.definition}>
                <input
                  type="radio"
                  name="score"
                  value={o.value}
                  checked={o.value === score.value}
                  data-testid={`score-${o.value}`}
                  aria-describedby="score-definition"
                  onChange={() => comparison.setScore({ value: o.value })}
                />
                {o.value}
              </label>
            ))}
          </div>
        </fieldset>
        <dl class="definitions" id="score-definition">
          {(option ? [option] : scheme.options).map((o) => (
            <div key={o.value}>
              <dt>{o.value}</dt>
              <dd>
                <b>{o.label}</b> {o.definition}
                {o === option && (
                  <span class="row tags">
                    {o.significant !== null && (
                      <span class={`verdict ${o.significant ? 'danger' : ''}`}>
                        {o.significant ? '! likely significant' : 'significance unlikely'}
                      </span>
                    )}
                    {o.consensus && <span class="verdict differ">goes to consensus before it counts</span>}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
        <label class="stack">
          <span>
            Comment{' '}
            {option?.discrepancy ? <em>required for {option.value}</em> : <span class="faint">optional</span>}
          </span>
          <textarea
            rows={3}
            data-testid="comment"
            required={option?.discrepancy ?? false}
            value={score.comment}
            placeholder="What differs, and why it matters. The original reader will see this, not your name."
            onInput={(e) => comparison.setScore({ comment: e.currentTarget.value })}
          />
        </label>
        <label class="stack">
          <span>Why</span>
          <select
            data-testid="cause"
            value={score.cause}
            onChange={(e) => comparison.setScore({ cause: e.currentTarget.value })}
          >
            <option value="">not said</option>
            {terms.causes.map((c) => (
              <option key={c.code} value={c.code}>
                {c.label}
              </option>
            ))}
          </select>
          {cause && <span class="faint">{cause.definition}</span>}
        </label>
        <Radios
          label="Actionable"
          name="actionable"
          value={String(score.actionable ?? '')}
          options={[
            { value: '', label: 'no' },
            ...terms.actionable.map((a) => ({ value: String(a.category), label: a.label })),
          ]}
          onPick={(v) => comparison.setScore({ actionable: v ? Number(v) : null })}
        />
        <label class="check">
          <input
            type="checkbox"
            data-testid="addendum"
            checked={score.request_addendum}
            onChange={(e) => comparison.setScore({ request_addendum: e.currentTarget.checked })}
          />
          Request an addendum to the report <span class="faint">without score and without your name</span>
        </label>
      </div>
    </>
  );
}
