package policy

import (
	"fmt"
	"strings"
)

// node is one statement of a policy file, or a block of them.
type node struct {
	kind  nodeKind
	line  int
	words []word // of a rule, header or condition
	body  []node // of a block, a condition
	other []node // of a condition: what is behind else

	path     string // of an include
	absolute bool   // the include named the file itself, not below the folder
	optional bool   // include if exists

	name, op string // of an assignment; the name with its "@" or "$"
	value    string
}

type nodeKind uint8

const (
	ruleNode nodeKind = iota
	blockNode
	includeNode
	assignNode
	conditionNode
)

// maxDepth bounds blocks in blocks, and includes in includes.
const maxDepth = 128

// tree is a file taken apart.
type tree struct {
	nodes    []node
	problems []string // "line: what"
}

type treeParser struct {
	lexer
	problems []string
}

func parseTree(text string) tree {
	p := treeParser{lexer: lexer{text: text, line: 1}}
	nodes := p.block(0)
	for p.pos < len(p.text) { // a "}" too many
		p.problem(p.line, "} without {")
		nodes = append(nodes, p.block(0)...)
	}
	return tree{nodes, p.problems}
}

func (p *treeParser) problem(line int, format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf("%d: %s", line, fmt.Sprintf(format, args...)))
}

// block reads statements up to the "}" that closes it, or the end of the file.
func (p *treeParser) block(depth int) (nodes []node) {
	for {
		p.space()
		p.list = 0
		switch rest := p.text[p.pos:]; {
		case rest == "":
			if depth > 0 {
				p.problem(p.line, "{ without }")
			}
			return nodes
		case rest[0] == '}':
			p.pos++
			return nodes
		case isInclude(rest), rest[0] == '#':
			nodes = append(nodes, p.include())
		case strings.HasPrefix(rest, "abi") && len(rest) > 3 && strings.IndexByte(" \t<\"", rest[3]) >= 0:
			p.skipLine()
		default:
			if n, ok := p.assignment(); ok {
				nodes = append(nodes, n)
			} else if n, ok := p.statement(depth); ok {
				nodes = append(nodes, n)
			}
		}
	}
}

// include reads include [if exists] <file>, "file" or file.
func (p *treeParser) include() node {
	n := node{kind: includeNode, line: p.line}
	p.pos += strings.Index(p.text[p.pos:], "include") + len("include")
	p.blanks()
	if rest, ok := strings.CutPrefix(p.text[p.pos:], "if"); ok && strings.HasPrefix(strings.TrimLeft(rest, " \t"), "exists") {
		p.pos += strings.Index(p.text[p.pos:], "exists") + len("exists")
		n.optional = true
		p.blanks()
	}
	closing := " \t\r\n,"
	switch p.peek(0) {
	case '<':
		closing = ">\n"
	case '"':
		closing = "\"\n"
		n.absolute = true
	default:
		n.absolute = true
	}
	if closing[0] != ' ' {
		p.pos++
	}
	end := strings.IndexAny(p.text[p.pos:], closing)
	if end < 0 {
		end = len(p.text) - p.pos
	}
	n.path = strings.Trim(p.text[p.pos:p.pos+end], " \t\"")
	p.pos += end
	if p.pos < len(p.text) && p.text[p.pos] != '\n' {
		p.pos++
	}
	if p.peek(0) == ',' {
		p.pos++
	}
	return n
}

func (p *treeParser) blanks() {
	for p.peek(0) == ' ' || p.peek(0) == '\t' {
		p.pos++
	}
}

// assignment reads @{NAME} = values or $NAME = true, which end with the line.
func (p *treeParser) assignment() (n node, ok bool) {
	rest := p.text[p.pos:]
	if rest[0] != '@' && rest[0] != '$' {
		return n, false
	}
	end := strings.IndexAny(rest, "} \t=+:?\n")
	if end >= 0 && rest[end] == '}' {
		end++
	}
	if end <= 0 {
		return n, false
	}
	after := strings.TrimLeft(rest[end:], " \t")
	for _, op := range []string{"=", "+=", ":=", "?="} {
		if value, ok := strings.CutPrefix(after, op); ok {
			n = node{kind: assignNode, line: p.line, op: op}
			n.name = rest[:1] + strings.Trim(rest[1:end], "{}")
			p.pos += len(rest) - len(value)
			n.value = p.restOfLine()
			return n, true
		}
	}
	return n, false
}

// statement reads a rule, or a block behind its header.
func (p *treeParser) statement(depth int) (n node, ok bool) {
	n.line = p.line
	for {
		before := p.lexer
		switch w := p.next(); {
		case w.end:
			return n, len(n.words) > 0
		case w.close && w.text == "}":
			// a rule without its comma; the block ends, too
			p.lexer = before
			p.problem(n.line, "rule without a comma")
			return n, len(n.words) > 0
		case w.open && w.text == "{":
			if depth >= maxDepth {
				p.problem(n.line, "blocks in more than %d blocks", maxDepth)
				p.pos = len(p.text)
				return n, false
			}
			n.kind = blockNode
			n.body = p.block(depth + 1)
			if len(n.words) > 0 && n.words[0].text == "if" {
				p.condition(&n, depth)
			}
			return n, true
		default:
			n.words = append(n.words, w)
		}
	}
}

// condition reads what belongs to an if behind its block.
func (p *treeParser) condition(n *node, depth int) {
	n.kind = conditionNode
	p.space()
	rest, ok := strings.CutPrefix(p.text[p.pos:], "else")
	if !ok || rest == "" || strings.IndexByte(" \t\r\n{", rest[0]) < 0 {
		return
	}
	p.pos += len("else")
	p.space()
	if p.peek(0) == '{' {
		p.pos++
		n.other = p.block(depth + 1)
	} else if other, ok := p.statement(depth + 1); ok {
		n.other = []node{other}
	}
}
