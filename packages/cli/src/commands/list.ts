import { catalogueText, incidents, mitigations, profiles } from '@brownout/scenarios';
import type { CommandContext } from '../context.ts';
import { styleFor, widthFor } from '../style.ts';

/** `brownout list`: what there is to replay and to mitigate with, and which Kubernetes there is. */
export function list(asJson: boolean, context: CommandContext): void {
  const { stdout, environment } = context;
  if (!asJson) {
    stdout.write(
      catalogueText(incidents, mitigations, {
        width: widthFor(stdout),
        style: styleFor(stdout, environment),
        profiles,
      }),
    );
    return;
  }
  const catalogue = {
    incidents: incidents.map(({ id, title, summary }) => ({ id, title, summary })),
    mitigations: mitigations.map(({ apply: _, ...described }) => described),
    profiles,
  };
  stdout.write(`${JSON.stringify(catalogue, undefined, 2)}\n`);
}
