// Makes links of the addresses of messages, which Markdown does not know: people paste them as they are.

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

const ADDRESS = /loquat:\/\/open\/?\?[\w%.~=&:/-]+/giu;
/** Inside of these an address is part of something else. */
const LEFT_ALONE = new Set(['link', 'linkReference', 'inlineCode', 'code', 'image']);

/** A step of the Markdown parser, over its tree. */
export function remarkMessageLinks() {
  return (tree: Node): void => link(tree);
}

function link(node: Node): void {
  if (node.children === undefined || LEFT_ALONE.has(node.type)) {
    return;
  }
  node.children = node.children.flatMap((child) => {
    if (child.type !== 'text') {
      link(child);
      return [child];
    }
    return pieces(child.value ?? '');
  });
}

function pieces(value: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const { 0: found, index } of value.matchAll(ADDRESS)) {
    // A full stop behind it belongs to the sentence.
    const url = found.replace(/[.:/-]+$/u, '');
    if (index > end) {
      nodes.push({ type: 'text', value: value.slice(end, index) });
    }
    nodes.push({ type: 'link', url, children: [{ type: 'text', value: url }] });
    end = index + url.length;
  }
  if (end < value.length || nodes.length === 0) {
    nodes.push({ type: 'text', value: value.slice(end) });
  }
  return nodes;
}
