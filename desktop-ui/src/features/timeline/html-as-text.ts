// HTML in a message is what somebody typed, and is read as such: `use <input> here`.

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

/** What holds paragraphs; everything else holds words. */
const BLOCKS = new Set(['root', 'blockquote', 'listItem']);

/** A step of the Markdown parser, over its tree. */
export function remarkHtmlAsText() {
  return (tree: Node): void => put(tree);
}

function put(node: Node): void {
  if (node.children === undefined) {
    return;
  }
  node.children.forEach(put);
  node.children = node.children.map((child) => {
    if (child.type !== 'html') {
      return child;
    }
    const said: Node = { type: 'text', value: child.value ?? '' };
    return BLOCKS.has(node.type) ? { type: 'paragraph', children: [said] } : said;
  });
}
