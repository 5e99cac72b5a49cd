package ruleset

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// listing is the output of "nft -j list ruleset", see libnftables-json(5).
type listing struct {
	Objects []struct {
		Table *struct {
			Family, Name string
			Flags        any
		} `json:"table"`
		Chain *struct {
			Family, Table, Name, Hook, Policy string
			Prio                              int
		} `json:"chain"`
		Rule *struct {
			Family, Table, Chain string
			Handle               uint64
			Expr                 []expr
		} `json:"rule"`
		Set *setObject `json:"set"`
		Map *setObject `json:"map"`
	} `json:"nftables"`
}

// setObject is a named set or map. Its type is a list where elements are of several
// parts.
type setObject struct {
	Family, Table, Name string
	Type                any
	Flags               any
	Elem                []any
}

// expr is one part of a rule: an object with one key.
type expr map[string]any

// changing reports whether packets or time change what is in the set, or what it is
// to be in it: an element can have a limit or a quota.
func (s *setObject) changing() bool {
	for _, f := range listOf(s.Flags) {
		if f == "dynamic" || f == "timeout" {
			return true
		}
	}
	for _, e := range s.Elem {
		if pair, isPair := e.([]any); isPair && len(pair) > 0 { // of a map
			e = pair[0]
		}
		wrapping, _ := fieldOf(e, "elem").(map[string]any)
		for key := range wrapping {
			if key != "val" && key != "comment" && key != "counter" {
				return true
			}
		}
	}
	return false
}

// nftReader is the state of reading one listing.
type nftReader struct {
	rs     *Ruleset
	tables map[string]*table
	sets   map[string][]any // by table and name; a set that changes is not here
	ending map[string]bool  // the sets of which elements may be there no more
}

func (rs *Ruleset) addNFT(text []byte) error {
	var l listing
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("not what nft -j lists: %w", err)
	}
	if l.Objects == nil {
		return errors.New(`not what nft -j lists: there is no "nftables"`)
	}
	n := nftReader{rs: rs, tables: map[string]*table{}, sets: map[string][]any{}, ending: map[string]bool{}}
	for _, o := range l.Objects {
		if t := o.Table; t != nil {
			for _, f := range listOf(t.Flags) {
				if f == "dormant" || f == "dorm" { // as nft 1.0.6 has it
					n.table(t.Family, t.Name).dormant = true
				}
			}
		}
		for _, s := range []*setObject{o.Set, o.Map} {
			if s != nil && (s.ours() || !s.changing()) {
				name := s.Family + " " + s.Table + " " + s.Name
				n.sets[name], n.ending[name] = s.Elem, len(s.Elem) > 0 && s.changing()
			}
		}
		if c := o.Chain; c != nil {
			ch := n.table(c.Family, c.Table).chain(c.Name)
			if c.Hook != "" {
				rs.addBase(base{c.Hook, ch, policies[c.Policy], c.Prio})
			}
		}
	}
	for _, o := range l.Objects {
		if o.Rule != nil {
			n.fills(o.Rule.Family+" "+o.Rule.Table, o.Rule.Expr)
		}
	}
	for _, o := range l.Objects {
		if r := o.Rule; r != nil {
			t := n.table(r.Family, r.Table)
			n.rule(t, t.chain(r.Chain), r.Expr, r.Handle)
		}
	}
	rs.listed = v4 | v6
	return nil
}

// ours reports whether it is one of the sets of a file of ours, which no packet fills.
// Its elements end with their time.
func (s *setObject) ours() bool {
	return s.Family == "inet" && s.Table == "filter" && strings.HasPrefix(s.Name, "sl-")
}

// fills forgets the sets that a rule puts packets' addresses in: not every nft says
// that these are dynamic.
func (n *nftReader) fills(table string, parts []expr) {
	for _, part := range parts {
		for _, key := range [...]string{"set", "map"} {
			if name, ok := strings.CutPrefix(text(fieldOf(part[key], key)), "@"); ok {
				delete(n.sets, table+" "+name)
			}
		}
	}
}

// policies are those of base chains; none is accept.
var policies = map[string]action{"": accept, "accept": accept, "drop": drop}

var familiesByName = map[string]families{"ip": v4, "ip6": v6, "inet": v4 | v6, "netdev": v4 | v6}

func (n *nftReader) table(family, name string) *table {
	full := family + " " + name
	t := n.tables[full]
	if t == nil {
		t = &table{families: familiesByName[family], name: full, nft: true, chains: map[string]*chain{}}
		n.tables[full] = t
	}
	return t
}

// rule reads the parts of a rule in their order: those behind a verdict that is
// one of a map are for the packets that the map does not name. A condition on
// several fields at once makes several matches of one.
func (n *nftReader) rule(t *table, c *chain, parts []expr, handle uint64) {
	n.rs.Rules++
	if t.dormant {
		return
	}
	r := rule{text: "nft rule of " + t.name + " " + c.name + ", handle " + strconv.FormatUint(handle, 10)}
	matches := []match{{families: t.families}}
	var packets uint64
	counts := false
	for _, part := range parts {
		for key, value := range part {
			switch key {
			case "match":
				matches = n.narrow(t, matches, value)
			case "counter":
				if v, ok := fieldOf(value, "packets").(float64); ok {
					packets, counts = uint64(v), true
				}
			case "log":
				if fieldOf(value, "group") == nil {
					prefix, _ := fieldOf(value, "prefix").(string)
					for _, m := range matches {
						n.rs.addLog(m, prefix, packets, counts)
					}
				}
			case "vmap":
				for _, m := range matches {
					one := r
					one.match = m
					n.verdictMap(t, c, one, value)
				}
			case "limit", "quota", "ct count", "set", "map":
				for i := range matches {
					matches[i].more = true // set may fail, limit may be used up: the rest is not for all
				}
			case "xt":
				t.foreign = true
				for i := range matches {
					n.foreign(&r, &matches[i], value)
				}
			default:
				n.verdict(&r, key, value)
			}
		}
	}
	for _, m := range matches {
		r.match = m
		n.rs.add(c, r)
	}
}

// verdict reads what is no condition.
func (n *nftReader) verdict(r *rule, key string, value any) {
	switch key {
	case "accept":
		r.action = accept
	case "drop", "reject":
		r.action = drop
	case "return":
		r.action = leave
	case "jump", "goto":
		r.action = jump
		if key == "goto" {
			r.action = goOn
		}
		r.target, _ = fieldOf(value, "target").(string)
	case "snat", "dnat", "masquerade", "redirect":
		r.action, n.rs.translates = accept, true
	case "continue", "flow", "dup", "ct helper", "meta", "secmark":
	case "mangle":
		switch text(fieldOf(fieldOf(fieldOf(value, "key"), "payload"), "field")) {
		case "saddr", "daddr", "sport", "dport": // the next rules see another packet
			r.action = unknown
			n.rs.unclear(r.text)
		}
	default: // queue, notrack, fwd, tproxy, synproxy, ...
		r.action = unknown
		n.rs.unclear(r.text)
	}
}

// foreign reads a part that iptables-nft made, of which nft knows the name.
func (n *nftReader) foreign(r *rule, m *match, value any) {
	name, _ := fieldOf(value, "name").(string)
	switch {
	case fieldOf(value, "type") != "target":
		m.more = name != "comment" || m.more
	case name == "LOG":
		n.rs.blindLogs |= m.families
	case passing[name]:
	case name == "REJECT":
		r.action = drop
	case translating[name]:
		r.action, n.rs.translates = accept, true
	default:
		r.action = unknown
	}
}

// verdictMap reads "ct state vmap { established : accept, ... }": a rule for
// each element, of which a packet meets one.
func (n *nftReader) verdictMap(t *table, c *chain, r rule, value any) {
	pairs, ok := n.elements(t, fieldOf(value, "data"))
	for _, p := range pairs {
		pair, isPair := p.([]any)
		if !isPair || len(pair) != 2 {
			ok = false
			continue
		}
		one := r
		n.conditions(t, &one.match, fieldOf(value, "key"), pair[0])
		verdict, _ := pair[1].(map[string]any)
		for key, value := range verdict {
			n.verdict(&one, key, value)
		}
		n.rs.add(c, one)
	}
	if !ok { // a map that is not in the list, or one that changes
		r.match.more, r.action = true, unknown
		n.rs.add(c, r)
	}
}

// listOf are the members of a list. Where there is one, nft 1.1.4 lists it alone.
func listOf(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// fieldOf is a member of a JSON object, nil if it has none.
func fieldOf(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}
