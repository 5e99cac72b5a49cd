package netfilter

import (
	"strconv"

	"github.com/sl-suite/sl/lib/record"
)

// Attrs returns the rule taken apart, for a rule record: "in", "out", "proto",
// "src", "dst", "dport", "icmp_type", "icmp_code", "uid", "timeout" in seconds and "verdict". A match
// that is empty is left out; src, dst and dport are lists. Family and chain have
// fields of their own in the record.
func Attrs(r Rule) []record.Attr {
	var out []record.Attr
	text := func(name, value string) {
		if value != "" {
			out = append(out, record.Attr{Name: name, Text: value})
		}
	}
	text("in", r.In)
	text("out", r.Out)
	if r.Proto != AnyProto {
		text("proto", r.Proto.String())
	}
	out = appendList(out, "src", r.Src, appendPrefix)
	out = appendList(out, "dst", r.Dst, appendPrefix)
	out = appendList(out, "dport", r.Ports, func(dst []byte, p PortRange) []byte { return p.append(dst, '-') })
	if r.ICMP.Match {
		text("icmp_type", strconv.Itoa(int(r.ICMP.Type)))
		text("icmp_code", strconv.Itoa(int(r.ICMP.Code)))
	}
	if r.Owner.Match {
		text("uid", strconv.FormatUint(uint64(r.Owner.UID), 10))
	}
	if r.Timeout > 0 {
		text("timeout", strconv.FormatUint(uint64(r.Timeout), 10))
	}
	text("verdict", string(r.Verdict))
	return out
}

func appendList[E any](out []record.Attr, name string, list []E, appendTo func([]byte, E) []byte) []record.Attr {
	if len(list) == 0 {
		return out
	}
	// Words of one string: there can be thousands in a list.
	all := make([]byte, 0, 24*len(list))
	ends := make([]int, len(list))
	for i, e := range list {
		all = appendTo(all, e)
		ends[i] = len(all)
	}
	whole, words, start := string(all), make([]string, len(list)), 0
	for i, end := range ends {
		words[i], start = whole[start:end], end
	}
	return append(out, record.Attr{Name: name, List: words})
}
