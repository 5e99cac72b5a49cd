package apparmor

import (
	"slices"
	"strings"
)

// overlaps reports whether some name matches both patterns. Variables stand for
// what they usually hold; one that is not known stands for anything.
func (p Pattern) overlaps(q Pattern) bool {
	for _, a := range p.expanded() {
		for _, b := range q.expanded() {
			if meet(a, b) {
				return true
			}
		}
	}
	return false
}

// maxExpanded bounds the texts that a pattern with variables is taken for.
const maxExpanded = 64

// expanded returns the tokens of p, one list for each combination of what its
// variables stand for. What is no pattern, and what has too many combinations, is
// taken for one that matches anything: the worst is assumed.
func (p Pattern) expanded() [][]token {
	tokens, err := p.tokens()
	if err != nil {
		return [][]token{{{kind: anyPath}}}
	}
	lists := [][]token{nil}
	for i, t := range tokens {
		values := [][]token{{t}}
		if t.kind == variable {
			values = valuesOf(t.name)
		} else if i > 0 && len(lists) == 1 {
			lists[0] = append(lists[0], t)
			continue
		}
		var next [][]token
		for _, list := range lists {
			for _, value := range values {
				next = append(next, slices.Concat(list, value))
			}
		}
		if lists = next; len(lists) > maxExpanded {
			return [][]token{{{kind: anyPath}}}
		}
	}
	return lists
}

// valuesOf returns what the variable stands for. The values end without a slash,
// since what follows begins with one.
func valuesOf(name string) (values [][]token) {
	texts, known := variables[name]
	if !known {
		texts = []string{"**"}
	}
	for _, text := range texts {
		list, _ := Pattern{text}.tokens()
		values = append(values, list)
	}
	return values
}

// variables are the tunables (/etc/apparmor.d/tunables) whose values are known:
// as patterns, or as one value that stands for all that are alike.
var variables = map[string][]string{
	"PROC": {"/proc"}, "proc": {"/proc"}, "sys": {"/sys"}, "securityfs": {"/sys/kernel/security"},
	"run": {"/run", "/var/run"}, "HOME": {"/home/user", "/root"}, "HOMEDIRS": {"/home"},
	"pid": {"1"}, "pids": {"1"}, "tid": {"1"}, "uid": {"1"}, "multiarch": {"x86_64-linux-gnu"},
}

// meet decides whether two patterns without variables share a name: row by row,
// reach[j] says whether the tokens of a so far and the first j of b share one.
func meet(a, b []token) bool {
	for len(a) > 0 && len(b) > 0 && a[0].kind == literalByte && b[0].kind == literalByte {
		if a[0].c != b[0].c {
			return false
		}
		a, b = a[1:], b[1:]
	}
	reach := make([]bool, len(b)+1)
	next := make([]bool, len(b)+1)
	reach[0] = true
	for j := 1; j <= len(b); j++ {
		reach[j] = reach[j-1] && b[j-1].kind != literalByte
	}
	for _, t := range a {
		any := false
		next[0] = reach[0] && t.kind != literalByte
		for j := 1; j <= len(b); j++ {
			u := b[j-1]
			ok := t.kind != literalByte && reach[j] || u.kind != literalByte && next[j-1] // a glob for nothing
			switch {
			case t.kind == literalByte && u.kind == literalByte:
				ok = ok || reach[j-1] && t.c == u.c
			case t.kind == literalByte:
				ok = ok || reach[j] && u.takes(t.c)
			case u.kind == literalByte:
				ok = ok || next[j-1] && t.takes(u.c)
			}
			next[j] = ok
			any = any || ok
		}
		if !any && !next[0] {
			return false
		}
		reach, next = next, reach
	}
	return reach[len(b)]
}

// takes reports whether one byte of what the glob matches can be c.
func (t token) takes(c byte) bool { return t.kind == anyPath || c != '/' }

// matches reports whether the pattern without variables matches the name. It tries
// each length of a glob, so it is for patterns with few of them.
func matches(pattern []token, name string) bool {
	for i, t := range pattern {
		if t.kind == literalByte {
			if name == "" || name[0] != t.c {
				return false
			}
			name = name[1:]
			continue
		}
		rest := pattern[i+1:]
		if len(rest) == 0 {
			return t.kind == anyPath || strings.IndexByte(name, '/') < 0
		}
		for n := range len(name) + 1 {
			if matches(rest, name[n:]) {
				return true
			}
			if n < len(name) && !t.takes(name[n]) {
				break
			}
		}
		return false
	}
	return name == ""
}
