/**
 * The grammar of expressions over states, for peggy. It is a string, so that sources and build need no step for it. Its
 * actions build the nodes of `ast.ts`.
 */
export const grammar = String.raw`
{{
  const rest = (head, tail) => (tail === null ? { type: 'truth', of: head } : { ...tail, left: head });
}}

start = _ @or _

or = parts:or_parts { return parts.length === 1 ? parts[0] : { type: 'or', parts }; }
or_parts = head:and tail:(_ or_word _ @and)* { return [head, ...tail]; }

and = parts:and_parts { return parts.length === 1 ? parts[0] : { type: 'and', parts }; }
and_parts = head:not tail:(_ and_word _ @not)* { return [head, ...tail]; }

not
  = not_word _ of:not { return { type: 'not', of }; }
  / "(" _ @or _ ")"
  / quantified
  / statement

quantified
  = quantifier:quantifier _ role:role _ "(" _ of:or _ ")" { return { type: 'quantified', quantifier, role, of }; }
  / quantifier:quantifier _ of:statement { return { type: 'quantified', quantifier, of }; }

statement = head:value tail:(_ @tail)? { return rest(head, tail); }

tail
  = in_word _ state:state { return { type: 'in', state }; }
  / has_word _ tag:tag { return { type: 'has', tag }; }
  / contains_word _ right:value { return { type: 'contains', right }; }
  / operator:operator _ right:value { return { type: 'compare', operator, right }; }

value = integer / count / path

count = "count" _ "(" _ of:statement _ ")" { return { type: 'count', of, at: range() }; }

path = names:names indexes:index* { return { type: 'path', names, indexes, at: range() }; }
names = head:name tail:("." @word)* { return [head, ...tail]; }
index = "[" _ @value _ "]"

state "a state" = word ("." word)* { return { text: text(), at: range() }; }
tag "a tag" = text:word { return { text, at: range() }; }
role "a role" = text:name { return { text, at: range() }; }

integer "a number"
  = digits:$("0x" [0-9a-fA-F]+ / [0-9]+) ![^ \t\n.,:;=[\]()'"!<>] {
      return { type: 'integer', value: Number(digits), at: range() };
    }

operator "an operator such as ==" = "==" / "!=" / "<=" / ">=" / "<" / ">"
quantifier = @("any" / "all" / "no") end

or_word "or" = "or" end
and_word "and" = "and" end
not_word "not" = "not" end
in_word "in" = "in" end
has_word "has" = "has" end
contains_word "contains" = "contains" end

reserved = ("and" / "or" / "not" / "in" / "has" / "contains" / "any" / "all" / "no") end
name "a name" = !reserved ![0-9] @$character+
word = $character+
character = [^ \t\n.,:;=[\]()'"!<>]
end = !character
_ "a space" = [ \t\n]*
`;
