/** The score, and what it is made of. */
import { scoreText, type Debrief } from '@brownout/scenarios';
import type { Part } from './debrief.tsx';

/** Points on a scale from nobody to the crew, and the table of measures. */
export function Score({ part: { debrief, label } }: { readonly part: Part }) {
  const { score, rows } = debrief;
  return (
    <section class="score" aria-label="Score">
      <div class="points">
        <p class="verdict">
          {score.points !== null && <strong class="points-number">{String(score.points).replace('-', '−')}</strong>}{' '}
          {score.verdict} {label !== '' && <span class="label">{label}</span>}
        </p>
        <Scale score={score} />
      </div>
      <table class="score-table">
        <thead>
          <tr>
            <th scope="col">measure</th>
            <th scope="col">you</th>
            <th scope="col">the crew of the document</th>
            <th scope="col">nobody</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-measure={row.name}>
              <th scope="row" title={row.meaning}>
                {row.title}
              </th>
              <td>
                <b>{scoreText(row, row.own)}</b>
              </td>
              <td>{scoreText(row, row.crew)}</td>
              <td>{scoreText(row, row.nobody)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Minutes that users lost: nobody on the left, none on the right. */
function Scale({ score: { lostMinutes } }: { readonly score: Debrief['score'] }) {
  const { own, nobody, crew } = lostMinutes;
  if (nobody === null || crew === null) return null;
  const most = Math.max(own, nobody, crew, 1e-9);
  const bars = [
    ['you', own],
    ['crew', crew],
    ['nobody', nobody],
  ] as const;
  return (
    <ul class="scale" aria-label="minutes of full outage">
      {bars.map(([name, minutes]) => (
        <li key={name} class={`scale-${name}`}>
          <span class="scale-name">{name}</span>
          <span class="scale-track">
            <span class="scale-bar" style={{ width: `${(minutes / most) * 100}%` }} />
          </span>
          <span class="scale-value">{Number(minutes.toPrecision(3))} min lost</span>
        </li>
      ))}
    </ul>
  );
}
