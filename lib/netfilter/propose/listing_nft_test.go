package propose

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"go4.org/netipx"

	"github.com/sl-suite/sl/lib/netfilter"
)

// What the tools list is read here a second time, by its meaning and in other words
// than ours: the JSON of nft, and what iptables-save and ipset save print. A part
// that is not known is an error, so that nothing can be there that was not meant.

// fromNFT reads "nft -j -nn list ruleset": the rules of our chains, and as one rule
// each the sources of our sets that have the same timeout. A rule that drops what
// is in a set of ours is left out.
func fromNFT(text string) (list []netfilter.Rule, err error) {
	var l struct {
		Nftables []struct {
			Rule *struct {
				Chain string
				Expr  []map[string]json.RawMessage
			}
			Set *struct {
				Name string
				Elem []struct {
					Elem struct {
						Val     json.RawMessage
						Timeout uint32
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return nil, err
	}
	for _, o := range l.Nftables {
		if o.Rule != nil {
			r := netfilter.Rule{Chain: netfilter.Chain(strings.TrimPrefix(o.Rule.Chain, "sl-"))}
			fromSet := false
			for _, e := range o.Rule.Expr {
				for key, value := range e {
					if err := nftPart(&r, key, value, &fromSet); err != nil {
						return nil, fmt.Errorf("%s: %s: %w", key, value, err)
					}
				}
			}
			if !fromSet {
				list = append(list, r)
			}
		}
		if o.Set != nil {
			words := strings.Split(o.Set.Name, "-") // sl-input-ip
			for _, e := range o.Set.Elem {
				var set netipx.IPSetBuilder
				if err := addAddress(&set, e.Elem.Val); err != nil {
					return nil, err
				}
				list = append(list, netfilter.Rule{Chain: netfilter.Chain(words[1]), Family: netfilter.Family(words[2]), Src: prefixesOf(&set), Verdict: netfilter.Drop, Timeout: e.Elem.Timeout})
			}
		}
	}
	return list, nil
}

// nftPart reads a condition or a verdict.
func nftPart(r *netfilter.Rule, key string, value json.RawMessage, fromSet *bool) error {
	switch key {
	case "accept", "drop", "reject":
		r.Verdict = netfilter.Verdict(key)
		return nil
	case "match":
	default:
		return fmt.Errorf("not known")
	}
	var m struct {
		Op   string
		Left struct {
			Meta    struct{ Key string }
			Payload struct{ Protocol, Field string }
		}
		Right json.RawMessage
	}
	if err := json.Unmarshal(value, &m); err != nil || m.Op != "==" {
		return fmt.Errorf("operator %q, %v", m.Op, err)
	}
	elements := elementsOf(m.Right)
	var number int
	json.Unmarshal(m.Right, &number)
	protos := map[string]netfilter.Proto{"tcp": netfilter.TCP, "udp": netfilter.UDP, "udplite": netfilter.UDPLite, "sctp": netfilter.SCTP, "icmp": netfilter.ICMP, "icmpv6": netfilter.ICMPv6}
	families := map[int]netfilter.Family{2: netfilter.IP, 10: netfilter.IP6}
	what := m.Left.Meta.Key
	if p := m.Left.Payload; p.Field != "" {
		if what = p.Field; protos[p.Protocol] != 0 {
			r.Proto = protos[p.Protocol]
		} else {
			r.Family = netfilter.Family(p.Protocol)
		}
	}
	switch what {
	case "iifname":
		return json.Unmarshal(m.Right, &r.In)
	case "oifname":
		return json.Unmarshal(m.Right, &r.Out)
	case "nfproto":
		r.Family = families[number]
	case "l4proto":
		r.Proto = netfilter.Proto(number)
	case "skuid":
		r.Owner = netfilter.Owner{Match: true, UID: uint32(number)}
	case "type":
		r.ICMP.Match, r.ICMP.Type = true, uint8(number)
	case "code":
		r.ICMP.Code = uint8(number)
	case "dport":
		for _, e := range elements {
			var ends struct{ Range []uint16 }
			var port uint16
			if json.Unmarshal(e, &port) == nil {
				ends.Range = []uint16{port, port}
			} else if err := json.Unmarshal(e, &ends); err != nil || len(ends.Range) != 2 {
				return fmt.Errorf("port %s", e)
			}
			r.Ports = append(r.Ports, netfilter.PortRange{First: ends.Range[0], Last: ends.Range[1]})
		}
	case "saddr", "daddr":
		if strings.HasPrefix(string(m.Right), `"@`) {
			*fromSet = what == "saddr" && string(m.Right) == strconv.Quote("@sl-"+string(r.Chain)+"-"+string(r.Family))
			if !*fromSet {
				return fmt.Errorf("not the sources of our set")
			}
			return nil
		}
		var set netipx.IPSetBuilder
		for _, e := range elements {
			if err := addAddress(&set, e); err != nil {
				return err
			}
		}
		if what == "saddr" {
			r.Src = prefixesOf(&set)
		} else {
			r.Dst = prefixesOf(&set)
		}
	default:
		return fmt.Errorf("not known")
	}
	if r.Family == "" && r.Proto == netfilter.ICMP {
		r.Family = netfilter.IP // nft leaves out what the protocol implies
	}
	if r.Family == "" && r.Proto == netfilter.ICMPv6 {
		r.Family = netfilter.IP6
	}
	return nil
}

func elementsOf(value json.RawMessage) []json.RawMessage {
	var s struct{ Set []json.RawMessage }
	if json.Unmarshal(value, &s) == nil && s.Set != nil {
		return s.Set
	}
	return []json.RawMessage{value}
}

func addAddress(set *netipx.IPSetBuilder, value json.RawMessage) error {
	var one string
	var o struct {
		Prefix *struct {
			Addr string
			Len  int
		}
		Range []string
	}
	if json.Unmarshal(value, &one) == nil {
		o.Range = []string{one, one}
	} else if err := json.Unmarshal(value, &o); err != nil {
		return err
	}
	if o.Prefix != nil {
		p, err := netip.ParsePrefix(fmt.Sprint(o.Prefix.Addr, "/", o.Prefix.Len))
		set.AddPrefix(p)
		return err
	}
	if len(o.Range) != 2 {
		return fmt.Errorf("address %s", value)
	}
	r, err := netipx.ParseIPRange(o.Range[0] + "-" + o.Range[1])
	set.AddRange(r)
	return err
}

func prefixesOf(set *netipx.IPSetBuilder) []netip.Prefix {
	s, err := set.IPSet()
	if err != nil {
		return nil
	}
	return netfilter.NormalPrefixes(s.Prefixes())
}
