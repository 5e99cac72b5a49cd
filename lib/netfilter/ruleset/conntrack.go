package ruleset

import "strings"

// state reads a list of states of "-m conntrack --ctstate".
func (o *options) state() {
	fresh, natted := false, 0
	list := strings.Split(o.value(), ",")
	for _, s := range list {
		switch s {
		case "NEW":
			fresh = true
		case "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED":
		case "SNAT", "DNAT": // no states, but conntrack has them here
			natted++
		default:
			o.match.more = true
			return
		}
	}
	switch {
	case natted == 0:
		o.match.notNew = o.match.notNew || fresh == o.not
	case natted == len(list) && !o.not:
		o.match.natted = true
	default:
		o.match.more = true
	}
}

// state reads the states of "ct state".
func (c condition) state() bool {
	fresh := false
	for _, e := range c.list {
		fresh = fresh || text(bare(e)) == "new"
	}
	c.m.notNew = c.m.notNew || fresh == c.not
	return true
}

// status reads "ct status dnat": nothing else that conntrack knows is said by the
// first packet.
func (c condition) status() bool {
	for _, e := range c.list {
		if s := text(bare(e)); c.not || s != "dnat" && s != "snat" {
			return false
		}
	}
	c.m.natted = true
	return true
}
