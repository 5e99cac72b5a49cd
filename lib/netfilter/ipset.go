package netfilter

import (
	"errors"
	"net/netip"
	"strconv"
)

// checkIPSet says why a rule is more than an entry of a set of sources to drop.
func checkIPSet(r Rule) error {
	if !r.blocks() || len(r.Src) != 1 {
		return errors.New("ipset holds nothing but one source to drop in input or forward")
	}
	return nil
}

// appendIPSet writes
//
//	add sl-input-ip 192.0.2.0/24 timeout 86400
func appendIPSet(dst []byte, r Rule) []byte {
	dst = append(dst, "add "...)
	dst = append(dst, setName(r.Chain, r.Family)...)
	dst = append(dst, ' ')
	dst = appendPrefix(dst, r.Src[0])
	if r.Timeout > 0 {
		dst = append(dst, " timeout "...)
		dst = strconv.AppendUint(dst, uint64(r.Timeout), 10)
	}
	return dst
}

// parseIPSet reads what appendIPSet writes.
func parseIPSet(c *cursor) (Rule, error) {
	r := Rule{Verdict: Drop}
	c.want("add")
	r.Chain, r.Family = c.set()
	r.Src = []netip.Prefix{c.prefix(c.word())}
	if c.take("timeout") {
		r.Timeout = uint32(c.number(32))
	}
	return r, c.end()
}
