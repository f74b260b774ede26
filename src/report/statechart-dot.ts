import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { guardText } from '../model/guard-text.ts';
import { leavesOf, pathOf } from '../model/statechart.ts';
import { escapeMarkup } from '../trace/escape-markup.ts';

/**
 * Returns a statechart as a DOT graph: a box for each state, a frame around the children of a state, and an arrow for
 * each transition, with its event, guard and actions.
 */
export function dotOf(statechart: AnyStateMachine): string {
  const { root } = statechart;
  const arrows = allNodes(root).flatMap((node) => leaving(node).map((one) => arrow(one)));
  return [
    'digraph {',
    '  compound=true; rankdir=TB; nodesep=0.35; ranksep=0.5; fontname="Arial"; fontsize=12;',
    '  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#57606a", fontname="Arial", fontsize=12];',
    '  edge [color="#57606a", fontname="Arial", fontsize=10, arrowsize=0.7];',
    `  ${quote(startOf(root))} [shape=circle, style=filled, fillcolor="#24292f", label="", width=0.14];`,
    ...children(root).flatMap((node) => drawn(node, '  ')),
    `  ${quote(startOf(root))} -> ${quote(anchor(initialOf(root)))};`,
    ...arrows.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}

const children = (node: AnyStateNode): AnyStateNode[] => Object.values(node.states) as AnyStateNode[];
const allNodes = (node: AnyStateNode): AnyStateNode[] => [node, ...children(node).flatMap(allNodes)];
const startOf = (node: AnyStateNode): string => `start of ${node.id}`;
const initialOf = (node: AnyStateNode): AnyStateNode => node.initial.target[0] as AnyStateNode;

function transitionsOf(node: AnyStateNode): AnyTransitionDefinition[] {
  return [...(node.always ?? []), ...[...node.transitions.values()].flat()].filter((one) => !isForbidden(one));
}

/** `EVENT: undefined`: no transition */
const isForbidden = ({ target, actions, guard }: AnyTransitionDefinition): boolean =>
  target === undefined && actions.length === 0 && guard === undefined;

function drawn(node: AnyStateNode, indent: string): string[] {
  const inner = children(node);
  const label = labelOf(
    [...node.entry.map((action) => `entry / ${nameOf(action)}`), ...staying(node).map((one) => textOf(one).join(' '))],
    node.key,
  );
  if (inner.length === 0) {
    const shape = node.type === 'final' ? ', peripheries=2' : '';
    return [`${indent}${quote(pathOf(node))} [label=${label}${shape}];`];
  }
  return [
    `${indent}subgraph ${quote(`cluster ${pathOf(node)}`)} {`,
    `${indent}  label=${label}; labeljust=l; style=rounded; color="#8c959f";`,
    ...inner.flatMap((child) => drawn(child, `${indent}  `)),
    `${indent}}`,
  ];
}

/** Transitions that stay in their state: the box of the state lists them. */
const stays = ({ source, target: [target] = [] }: AnyTransitionDefinition): boolean =>
  target === undefined || (target === source && children(source).length === 0);
const leaving = (node: AnyStateNode): AnyTransitionDefinition[] => transitionsOf(node).filter((one) => !stays(one));
const staying = (node: AnyStateNode): AnyTransitionDefinition[] => transitionsOf(node).filter(stays);

function arrow(transition: AnyTransitionDefinition): string {
  const { source, target: [target] = [] } = transition;
  const frames = [
    ...(children(source).length > 0 ? [`ltail=${quote(`cluster ${pathOf(source)}`)}`] : []),
    ...(target && children(target).length > 0 ? [`lhead=${quote(`cluster ${pathOf(target)}`)}`] : []),
  ];
  const attributes = [`label=${labelOf(textOf(transition))}`, ...frames];
  return `${quote(anchor(source))} -> ${quote(anchor(target as AnyStateNode))} [${attributes.join(', ')}];`;
}

/** Event, guard and actions, a line each. */
function textOf({ eventType, guard, actions }: AnyTransitionDefinition): string[] {
  const when = guard === undefined ? [] : [`[${guardText(guard)}]`];
  return [...(eventType === '' ? [] : [eventType]), ...when, ...actions.map((action) => `/ ${nameOf(action)}`)];
}

/** Returns the leaf that an arrow to a state ends at: the state itself, or the initial one inside it. */
function anchor(node: AnyStateNode): string {
  let leaf = node;
  while (children(leaf).length > 0) leaf = initialOf(leaf);
  return leavesOf(node.machine).includes(leaf) ? pathOf(leaf) : pathOf(node);
}

const nameOf = (action: unknown): string =>
  typeof action === 'string' ? action : ((action as { type?: string }).type ?? 'action');

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Returns a label of left-aligned lines, below a title if there is one. */
function labelOf(lines: readonly string[], title?: string): string {
  const rows = [
    ...(title === undefined ? [] : [`<TR><TD><B>${escapeMarkup(title)}</B></TD></TR>`]),
    ...lines.map((line) => `<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="10">${escapeMarkup(line)}</FONT></TD></TR>`),
  ];
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">${rows.join('')}</TABLE>>`;
}
