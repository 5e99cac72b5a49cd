package netfilter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Emptied finds the first rule, hook or element that somebody wrote by hand, before
// our part of a file, into one of our chains or sets. What is loaded next empties
// them, so a source that is refused there would get in, and a hook would make our
// rules work before anybody jumps to them. Nil is returned where there is none: to
// name our chains, to jump to them and to look something up in our sets is what they
// are for.
func Emptied(s Syntax, before []byte) *LineError {
	switch s {
	case NFT:
		return emptiedNFT(before)
	case Restore:
		return emptiedRestore(before)
	}
	return nil
}

func emptied(line int, name string) *LineError {
	return &LineError{line, fmt.Errorf("written by hand into %s, which is emptied when the file is loaded", name)}
}

func isOurChain(name string) bool {
	return slices.ContainsFunc(chains[:], func(c Chain) bool { return nftChain(c) == name || iptablesChain(c) == name })
}

func isOurSet(name string) bool {
	for _, c := range [...]Chain{Input, Forward} {
		if name == setName(c, IP) || name == setName(c, IP6) {
			return true
		}
	}
	return false
}

// emptiedRestore looks for "-A SL-INPUT" and the like in the table filter.
func emptiedRestore(text []byte) *LineError {
	table, number := "", 0
	for line := range bytes.Lines(text) {
		number++
		words := strings.Fields(strings.ReplaceAll(string(line), "=", " "))
		if len(words) > 0 && words[0][0] == '*' {
			table = words[0]
		}
		for i, word := range words[:max(0, len(words)-1)] {
			switch word {
			case "-A", "--append", "-I", "--insert", "-R", "--replace":
				if table == "*filter" && words[0][0] != '#' && isOurChain(words[i+1]) {
					return emptied(number, words[i+1])
				}
			}
		}
	}
	return nil
}

// A scope is what a brace of nft opens.
type scope struct {
	table bool   // the table that our chains are in
	chain string // one of ours
	set   string // one of ours
}

// emptiedNFT reads commands and blocks of nft, of which it knows only where they
// begin and end and what they are about.
func emptiedNFT(text []byte) *LineError {
	var scopes []scope
	var words []string // of the statement
	for _, t := range nftWords(text) {
		in := scope{}
		if len(scopes) > 0 {
			in = scopes[len(scopes)-1]
		}
		switch t.word {
		case "{":
			scopes = append(scopes, opened(in, words))
			words = nil
		case "}":
			scopes = scopes[:max(0, len(scopes)-1)]
			words = nil
		case ";":
			words = nil
		default:
			words = append(words, t.word)
			switch name := commandOn(words); {
			case in.chain != "":
				return emptied(t.line, in.chain)
			case in.set != "" && t.word == "elements":
				return emptied(t.line, in.set)
			case name != "":
				return emptied(t.line, name)
			}
		}
	}
	return nil
}

// opened is the scope of a block, from the words before its brace.
func opened(in scope, words []string) scope {
	if len(words) > 0 && (words[0] == "add" || words[0] == "create") {
		words = words[1:]
	}
	const ours = nftTable
	switch n := len(words); {
	case n == 3 && words[0] == "table":
		return scope{table: strings.Join(words[1:], " ") == ours}
	case n == 4 && strings.Join(words[1:3], " ") == ours, n == 2 && in.table:
		name := words[n-1]
		if words[0] == "chain" && isOurChain(name) {
			return scope{chain: name}
		}
		if words[0] == "set" && isOurSet(name) {
			return scope{set: name}
		}
	}
	return scope{}
}

// commandOn returns the chain or set of ours that a command adds something to. The
// word "rule" may be left out (add_cmd in nftables' parser_bison.y).
func commandOn(words []string) string {
	if len(words) < 4 || !slices.Contains([]string{"add", "insert", "replace", "create"}, words[0]) {
		return ""
	}
	words = words[1:]
	if words[0] == "rule" || words[0] == "element" {
		words = words[1:]
	}
	if len(words) == 3 && strings.Join(words[:2], " ") == nftTable && (isOurChain(words[2]) || isOurSet(words[2])) {
		return words[2]
	}
	return ""
}

type nftWord struct {
	word string
	line int
}

// nftWords cuts text into words, braces and the ends of statements, which are all
// ";". A quoted string is one word.
func nftWords(text []byte) (list []nftWord) {
	line, start := 1, -1
	end := func(i int) {
		if start >= 0 {
			list = append(list, nftWord{string(text[start:i]), line})
			start = -1
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\r', ',':
			end(i)
		case '\\':
			end(i)
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
				line++
			}
		case '\n', ';', '{', '}':
			end(i)
			if c == '\n' {
				list = append(list, nftWord{";", line})
				line++
			} else {
				list = append(list, nftWord{string(c), line})
			}
		case '#':
			end(i)
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		case '"':
			end(i)
			n := bytes.IndexByte(text[i+1:], '"')
			if n < 0 {
				return list
			}
			list = append(list, nftWord{string(text[i : i+n+2]), line})
			line += bytes.Count(text[i:i+n+2], []byte("\n"))
			i += n + 1
		default:
			if start < 0 {
				start = i
			}
		}
	}
	end(len(text))
	return list
}
