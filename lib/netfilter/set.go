package netfilter

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// MaxTimeout is the longest Timeout of a rule, in seconds: what a set of ipset
// can hold (IPSET_MAX_TIMEOUT in include/linux/netfilter/ipset/ip_set_timeout.h),
// nearly 25 days.
const MaxTimeout = (1<<32 - 1) / 1000 >> 1

// blocks reports whether the rule says nothing but which sources to drop, so that
// they can be elements of a set.
func (r Rule) blocks() bool {
	return r.Chain != Output && len(r.Src) > 0 && Compare(r, Rule{Family: r.Family, Chain: r.Chain, Src: r.Src, Verdict: Drop, Timeout: r.Timeout}) == 0
}

func (r Rule) checkTimeout() error {
	switch {
	case r.Timeout > 0 && !r.blocks():
		return errors.New("only sources to drop can time out")
	case r.Timeout > MaxTimeout:
		return fmt.Errorf("a timeout above %d seconds", MaxTimeout)
	}
	return nil
}

// setName is the name of our set: "sl-input-ip", "sl-forward-ip6".
func setName(c Chain, f Family) string { return nftChain(c) + "-" + string(f) }

// set takes the name of a set of ours.
func (c *cursor) set() (Chain, Family) {
	word := c.word()
	for _, chain := range [...]Chain{Input, Forward} {
		for _, f := range [...]Family{IP, IP6} {
			if word == setName(chain, f) {
				return chain, f
			}
		}
	}
	c.unexpected(word)
	return "", ""
}

// nftSets makes the sets of sources that time out and, in a chain that is empty,
// the rules that drop them.
func nftSets(b *strings.Builder, c Chain) {
	for _, f := range [...]Family{IP, IP6} {
		name := nftTable + " " + setName(c, f)
		bits := "ipv4_addr"
		if f == IP6 {
			bits = "ipv6_addr"
		}
		b.WriteString("add set " + name + " { type " + bits + "; flags interval, timeout; }\nflush set " + name + "\n")
		b.WriteString("add rule " + nftTable + " " + nftChain(c) + " " + string(f) + " saddr @" + setName(c, f) + " drop\n")
	}
}

// appendNFTElements writes
//
//	add element inet filter sl-input-ip { 192.0.2.0/24 timeout 86400s, 198.51.100.7 timeout 86400s }
func appendNFTElements(dst []byte, r Rule) []byte {
	dst = append(dst, "add element "+nftTable+" "...)
	dst = append(dst, setName(r.Chain, r.Family)...)
	before := " { "
	for _, p := range r.Src {
		dst = append(dst, before...)
		dst = appendPrefix(dst, p)
		dst = append(dst, " timeout "...)
		dst = strconv.AppendUint(dst, uint64(r.Timeout), 10)
		dst = append(dst, 's')
		before = ", "
	}
	return append(dst, " }"...)
}

// parseNFTElements reads what appendNFTElements writes, and some more: Parse
// compares.
func parseNFTElements(c *cursor) (Rule, error) {
	r := Rule{Verdict: Drop}
	r.Chain, r.Family = c.set()
	c.want("{")
	for c.err == nil {
		r.Src = append(r.Src, c.prefix(c.word()))
		c.want("timeout")
		word, more := strings.CutSuffix(c.word(), ",")
		r.Timeout = uint32(c.numberIn(strings.TrimSuffix(word, "s"), 32))
		if !more {
			c.want("}")
			break
		}
	}
	return r, c.end()
}

// outlast leaves each source to drop in the rule that lasts longest: it can only
// be in a set once.
func outlast(rules []Rule) []Rule {
	timed := slices.ContainsFunc(rules, func(r Rule) bool { return r.Timeout > 0 })
	if !timed {
		return rules
	}
	type set struct {
		chain  Chain
		family Family
	}
	sets := make(map[set][]Rule)
	var out []Rule
	for _, r := range rules {
		if r.blocks() {
			at := set{r.Chain, r.Family}
			sets[at] = append(sets[at], r)
		} else {
			out = append(out, r)
		}
	}
	for _, list := range sets {
		// The longest first. 0 is for ever, and one less the largest number.
		slices.SortFunc(list, func(a, b Rule) int { return cmp.Compare(b.Timeout-1, a.Timeout-1) })
		var longer []netip.Prefix
		for _, r := range list {
			own := r.Src
			if r.Src = remove(own, longer); len(r.Src) > 0 {
				out = append(out, r)
			}
			longer = append(longer, own...)
		}
	}
	return out
}
