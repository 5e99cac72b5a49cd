package ruleset

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
)

// families is a set of address families.
type families uint8

const (
	v4 families = 1 << iota
	v6
)

func familyOf(f netfilter.Family) families {
	if f == netfilter.IP {
		return v4
	}
	return v6
}

// action is what a rule does with a packet that it matches.
type action uint8

const (
	next    action = iota // look at the next rule
	accept                // the end in this base chain
	drop                  // the end
	leave                 // return
	jump                  // come back afterwards
	goOn                  // goto: come back to where the chain was called from
	unknown               // accept or drop
)

// rule is one rule of a chain.
type rule struct {
	match  match
	action action
	target string // of jump and goOn
	text   string // as it was read, cut where it is long

	// Neighbours with the same key differ in nothing but their sources, which
	// become match.src when the file is read. "" is no key.
	key     string
	sources []netip.Prefix
}

// chain is a list of rules.
type chain struct {
	table *table
	name  string
	rules []rule
}

// table is a table of one file.
type table struct {
	families families // v4 or v6 or both: what the chains see
	name     string   // as nft names it: "inet filter"; "ip filter" for iptables
	nft      bool     // listed by nft
	foreign  bool     // has rules of iptables-nft, which nft cannot list whole
	dormant  bool     // the kernel does not ask it
	chains   map[string]*chain
}

func (t *table) chain(name string) *chain {
	c := t.chains[name]
	if c == nil {
		c = &chain{table: t, name: name}
		t.chains[name] = c
	}
	return c
}

// base is a chain that the kernel calls.
type base struct {
	hook     string // as nft names it: "input"
	chain    *chain
	policy   action
	priority int
}

// Ruleset is what was read. It does not change afterwards, and can then be used
// by several goroutines at once.
type Ruleset struct {
	bases      []base
	logs       []logRule
	prefixes   []string // of logs, each once: the index is its id
	saved      families // read from iptables-save
	listed     families // listed by nft
	blindLogs  families // some rule logs with a prefix that nft cannot list
	translates bool     // addresses or ports are changed

	// Rules is how many rules were read; Unclear is how many of them have a
	// part that is not understood, and FirstUnclear is the first one's text.
	Rules, Unclear int
	FirstUnclear   string
}

// Add reads one more file: text that starts with '{' is taken for the JSON of
// nft, everything else for iptables-save. An error means that it is neither, or
// cut short; the ruleset is then of no use.
func (rs *Ruleset) Add(text []byte) error {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("{")) {
		return rs.addNFT(text)
	}
	return rs.addSave(string(text))
}

// Covers reports whether rules of a family were read.
func (rs *Ruleset) Covers(f netfilter.Family) bool {
	return (rs.saved|rs.listed)&familyOf(f) != 0
}

// longest is how much of a rule's text is kept, in bytes.
const longest = 256

// add appends a rule to its chain. A rule that differs from the one before in
// nothing but its sources is taken into that one: a list of blocked addresses is
// asked about once and not a thousand times. One that ends no packet's way is of
// no interest.
func (rs *Ruleset) add(c *chain, r rule) {
	if r.action == next {
		return
	}
	if r.match.more {
		rs.unclear(r.text)
	}
	r.text = strings.Clone(r.text[:min(len(r.text), longest)])
	if n := len(c.rules); n > 0 && r.key != "" && c.rules[n-1].key == r.key {
		c.rules[n-1].sources = append(c.rules[n-1].sources, r.sources...)
		return
	}
	c.rules = append(c.rules, r)
}

func (rs *Ruleset) unclear(text string) {
	rs.Unclear++
	if rs.FirstUnclear == "" {
		rs.FirstUnclear = strings.Clone(text[:min(len(text), longest)])
	}
}

// addBase appends a base chain; they are asked in the order of their priority.
func (rs *Ruleset) addBase(b base) {
	rs.bases = append(rs.bases, b)
	slices.SortStableFunc(rs.bases, func(a, b base) int { return a.priority - b.priority })
}
