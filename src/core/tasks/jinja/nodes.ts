/** A named thing with arguments: a filter, a function, a method. */
export type CallNode = {
  readonly type: 'CallExpression'
  readonly callee: Node
  readonly args: readonly Node[]
}

export type NameNode = { readonly type: 'Identifier'; readonly value: string }

/** Syntax tree of a Jinja template, as `@huggingface/jinja` parses it; kinds that are not named here are refused. */
export type Node =
  | { readonly type: 'Program'; readonly body: readonly Node[] }
  | { readonly type: 'Comment' }
  | {
      readonly type: 'If'
      readonly test: Node
      readonly body: readonly Node[]
      readonly alternate: readonly Node[]
    }
  | {
      readonly type: 'For'
      readonly loopvar: Node
      readonly iterable: Node
      readonly body: readonly Node[]
      readonly defaultBlock: readonly Node[]
    }
  | {
      readonly type: 'Set'
      readonly assignee: Node
      readonly value: Node | null
      readonly body: readonly Node[]
    }
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'IntegerLiteral' | 'FloatLiteral'; readonly value: number }
  | { readonly type: 'ArrayLiteral' | 'TupleLiteral'; readonly value: readonly Node[] }
  | { readonly type: 'ObjectLiteral'; readonly value: ReadonlyMap<Node, Node> }
  | {
      readonly type: 'BinaryExpression'
      readonly operator: { readonly value: string }
      readonly left: Node
      readonly right: Node
    }
  | {
      readonly type: 'UnaryExpression'
      readonly operator: { readonly value: string }
      readonly argument: Node
    }
  | {
      readonly type: 'MemberExpression'
      readonly object: Node
      readonly property: Node
      readonly computed: boolean
    }
  | { readonly type: 'SliceExpression'; readonly start?: Node; readonly stop?: Node; readonly step?: Node }
  | { readonly type: 'KeywordArgumentExpression'; readonly key: NameNode; readonly value: Node }
  | { readonly type: 'FilterExpression'; readonly operand: Node; readonly filter: NameNode | CallNode }
  | {
      readonly type: 'TestExpression'
      readonly operand: Node
      readonly negate: boolean
      readonly test: NameNode
    }
  | { readonly type: 'SelectExpression'; readonly lhs: Node; readonly test: Node }
  | { readonly type: 'Ternary'; readonly condition: Node; readonly trueExpr: Node; readonly falseExpr: Node }
  | NameNode
  | CallNode
