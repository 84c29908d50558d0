/** From the name of an action for a cluster to what it does there. */
import {
  breakScaleDownOff,
  giveNodesBack,
  moveToLevel,
  removeNodes,
  revokeRole,
  stopOnNodes,
  takeBack,
  throttle,
} from './agent-effects.ts';
import { block, restart, scaleOut, scaleUp, unblock } from './control-plane-effects.ts';
import type { PlaybookAction } from './playbook.ts';
import type { Effect, Scene } from './scene.ts';
import { limitStartUps, moveTraffic, warmCaches } from './traffic-effects.ts';

/** Actions that are done to one cluster; the others are done by the operators to themselves, or to no cluster. */
export type ClusterAction = Exclude<
  PlaybookAction,
  { readonly action: 'stop-rollout' | 'steer-traffic' | 'take-on' | 'hand-back' | 'verify' }
>;

/** What the action does; a request to the API that it is made of has succeeded already. */
export function effectOf(scene: Scene, action: ClusterAction): Effect {
  switch (action.action) {
    case 'roll-back':
    case 'delete-daemonset':
      return takeBack(scene);
    case 'flow-schema':
      return moveToLevel(scene, action.priorityLevel);
    case 'revoke-role':
      return revokeRole(scene);
    case 'throttle-user-agent':
      return throttle(scene, action.requestsPerSecond);
    case 'stop-agents':
      return stopOnNodes(scene, action.nodesPerMinute);
    case 'scale-cluster-down':
      return removeNodes(scene, action.share, action.nodesPerMinute);
    case 'stop-scale-down':
      return breakScaleDownOff(scene);
    case 'give-nodes-back':
      return giveNodesBack(scene, action.nodesPerMinute);
    case 'scale-api-servers-up':
      return scaleUp(scene, action.factor, action.manner);
    case 'scale-api-servers-out':
      return scaleOut(scene, action.replicas);
    case 'restart-api-servers':
      return restart(scene, action.manner);
    case 'block-admin-api':
      return block(scene, action.letThrough);
    case 'unblock-admin-api':
      return unblock(scene);
    case 'move-traffic':
      return moveTraffic(scene, action.to);
    case 'warm-caches':
      return warmCaches(scene);
    case 'limit-start-ups':
      return limitStartUps(scene, action.limit);
  }
}
