import { runScenario } from '/work/main/packages/scenarios/src/scenario/run.ts';
import { incidents } from '/work/main/packages/scenarios/src/incidents/index.ts';
import { writeFileSync } from 'node:fs';
const t0=performance.now();
const r = runScenario(incidents[0]!.document(), { onProgress: (s,e)=>{ process.stderr.write(`\r${s.toFixed(0)}/${e} ${((performance.now()-t0)/1000).toFixed(0)}s   `);} });
writeFileSync('/tmp/result.json', JSON.stringify(r));
console.log(r.kpis, r.timeline.length, r.eventCount);
