package ruleset

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// listing is the output of "nft -j list ruleset", see libnftables-json(5).
type listing struct {
	Objects []struct {
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

// setObject is a named set. Its type is a list where elements are of several
// parts.
type setObject struct {
	Family, Table, Name string
	Type                any
	Flags               any
	Elem                []any
}

// expr is one part of a rule: an object with one key.
type expr map[string]any

// changing reports whether packets or time change what is in the set.
func (s *setObject) changing() bool {
	flags, _ := s.Flags.([]any)
	for _, f := range flags {
		if f == "dynamic" || f == "timeout" {
			return true
		}
	}
	return false
}

// nftReader is the state of reading one listing.
type nftReader struct {
	rs     *Ruleset
	tables map[string]*table
	sets   map[string][]any // by table and name; a set that changes is not here
}

func (rs *Ruleset) addNFT(text []byte) error {
	var l listing
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("not what nft -j lists: %w", err)
	}
	if l.Objects == nil {
		return errors.New(`not what nft -j lists: there is no "nftables"`)
	}
	n := nftReader{rs: rs, tables: map[string]*table{}, sets: map[string][]any{}}
	for _, o := range l.Objects {
		if s := o.Set; s != nil && !s.changing() {
			n.sets[s.Family+" "+s.Table+" "+s.Name] = s.Elem
		}
		if c := o.Chain; c != nil {
			ch := n.table(c.Family, c.Table).chain(c.Name)
			if c.Hook != "" {
				rs.addBase(base{c.Hook, ch, policies[c.Policy], c.Prio})
			}
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
// one of a map are for the packets that the map does not name.
func (n *nftReader) rule(t *table, c *chain, parts []expr, handle uint64) {
	n.rs.Rules++
	r := rule{match: match{families: t.families}, text: "nft rule of " + t.name + " " + c.name + ", handle " + strconv.FormatUint(handle, 10)}
	var packets uint64
	counts := false
	for _, part := range parts {
		for key, value := range part {
			switch key {
			case "match":
				n.match(t, &r.match, value)
			case "counter":
				if v, ok := fieldOf(value, "packets").(float64); ok {
					packets, counts = uint64(v), true
				}
			case "log":
				if fieldOf(value, "group") == nil {
					prefix, _ := fieldOf(value, "prefix").(string)
					n.rs.addLog(r.match, prefix, packets, counts)
				}
			case "vmap":
				n.verdictMap(t, c, r, value)
			case "xt":
				t.foreign = true
				n.foreign(&r, value)
			default:
				n.verdict(&r, key, value)
			}
		}
	}
	n.rs.add(c, r)
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
	case "continue", "mangle", "flow", "dup", "ct helper", "meta", "secmark":
	case "limit", "quota", "ct count", "set", "map":
		r.match.more = true // set may fail, limit may be used up: the rest is not for all
	default: // queue, notrack, fwd, tproxy, synproxy, ...
		r.action = unknown
		n.rs.unclear(r.text)
	}
}

// foreign reads a part that iptables-nft made, of which nft knows the name.
func (n *nftReader) foreign(r *rule, value any) {
	name, _ := fieldOf(value, "name").(string)
	switch {
	case fieldOf(value, "type") != "target":
		r.match.more = name != "comment" || r.match.more
	case name == "LOG":
		n.rs.blindLogs |= r.match.families
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
		n.condition(t, &one.match, fieldOf(value, "key"), "==", pair[0])
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

// fieldOf is a member of a JSON object, nil if it has none.
func fieldOf(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}
