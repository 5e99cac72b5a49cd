package kernlog

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// ulogdJSON reads a line of ulogd's JSON (output/ulogd_output_JSON.c): one object for a
// packet, whose keys are those of its inputs (oob.in, ip.ttl) but for addresses and
// ports, which have the names of a common model (src_ip, dest_port). mine is false for
// any other line.
func (p *Parser) ulogdJSON(s string, src *record.Source, ev *record.Event) (res Result, mine bool, err error) {
	if !strings.HasPrefix(s, "{") || !strings.Contains(s, `"raw.pkt`) && !strings.Contains(s, `"oob.`) {
		return Result{}, false, nil
	}
	var o ulogdObject
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	if dec.Decode(&o) != nil || dec.More() {
		return Result{}, true, &Error{0, "an object of ulogd that is not whole: " + quote(s)}
	}
	if what := o.fill(&ev.Fields); what != "" {
		*ev = record.Event{}
		return Result{}, true, &Error{0, "an object of ulogd with " + what}
	}
	h := head{carrier: carrierUlogd, origin: fromProgram}
	if text, ok := o["timestamp"].(string); ok {
		if end, whole := h.stamp.read(text, 0); !whole || end != len(text) {
			h.stamp = stamp{}
		}
	}
	ev.Kind = record.Netfilter
	limited, known := p.readPrefix(ev.Fields[record.FPrefix], &ev.Fields)
	h.strange = !known
	if hook := o.hook(); hook != "" {
		ev.Fields[record.FHook] = hook
	}
	chainOfInterfaces(&ev.Fields)
	ev.Time, ev.Carrier, ev.Count = p.resolve(&h.stamp, src), h.carrier, 1
	level, why := trust(&h, src)
	h.believe(ev, level, why)
	if src != nil {
		ev.File = src.Path
	}
	return Result{Kind: Event, Fields: record.AllFields(), Limited: limited}, true, nil
}

type ulogdObject map[string]any

// ulogdKeys are the keys of plain values, with the form that each must have. Of two for
// one field an object has one at most.
var ulogdKeys = [...]struct {
	key  string
	to   record.Field
	form scan
}{
	{"oob.in", record.FIn, iface}, {"oob.out", record.FOut, iface}, {"mac.str", record.FMac, header},
	{"oob.uid", record.FUID, u32}, {"oob.gid", record.FGID, u32},
	{"src_ip", record.FSrc, address46}, {"dest_ip", record.FDst, address46},
	{"ip.saddr.str", record.FSrc, address46}, {"ip.daddr.str", record.FDst, address46},
	{"src_port", record.FSpt, u16}, {"dest_port", record.FDpt, u16},
	{"tcp.sport", record.FSpt, u16}, {"tcp.dport", record.FDpt, u16},
	{"udp.sport", record.FSpt, u16}, {"udp.dport", record.FDpt, u16},
	{"sctp.sport", record.FSpt, u16}, {"sctp.dport", record.FDpt, u16},
	{"ip.totlen", record.FLen, u16}, {"ip.ttl", record.FTTL, u8}, {"ip.id", record.FID, u16},
	{"ip6.priority", record.FTc, u8}, {"ip6.hoplimit", record.FHoplimit, u8}, {"ip6.flowlabel", record.FFlowlbl, u32},
	{"tcp.seq", record.FSeq, u32}, {"tcp.ackseq", record.FAck, u32}, {"tcp.window", record.FWindow, u16}, {"tcp.urgp", record.FUrgp, u16},
	{"udp.len", record.FUlen, u16},
	{"icmp.type", record.FIcmpType, u8}, {"icmp.code", record.FIcmpCode, u8},
	{"icmpv6.type", record.FIcmpType, u8}, {"icmpv6.code", record.FIcmpCode, u8},
}

// fill writes the fields of a packet; it returns what is wrong, or "".
func (o ulogdObject) fill(f *record.Fields) (wrong string) {
	f[record.FPrefix], _ = o["oob.prefix"].(string)
	for _, k := range ulogdKeys {
		v, there := o[k.key]
		if !there {
			continue
		}
		text := ""
		switch v := v.(type) {
		case string:
			text = v
		case json.Number:
			text = v.String()
		}
		if !k.form.has(text) {
			return "a " + k.key + " that is none"
		}
		f[k.to] = text
	}
	switch {
	case f[record.FSrc] == "" || f[record.FDst] == "":
		return "no src_ip and dest_ip"
	case strings.Contains(f[record.FSrc], ":") != strings.Contains(f[record.FDst], ":"):
		return "addresses of two families"
	case f[record.FIn] == "" && f[record.FOut] == "":
		return "neither oob.in nor oob.out"
	}
	if mark, ok := o.number("oob.mark", 1<<32-1); ok && mark > 0 {
		f[record.FMark] = "0x" + strconv.FormatUint(mark, 16)
	}
	o.fragment(f)
	return o.protocol(f)
}

// fragment reads the flags and the offset of IPv4 (ip.h).
func (o ulogdObject) fragment(f *record.Fields) {
	word, ok := o.number("ip.fragoff", 1<<16-1)
	if !ok {
		return
	}
	var flags []string
	for _, flag := range [...]struct {
		bit  uint64
		name string
	}{{0x8000, "CE"}, {0x4000, "DF"}, {0x2000, "MF"}} {
		if word&flag.bit != 0 {
			flags = append(flags, flag.name)
		}
	}
	f[record.FFrag] = strings.Join(flags, " ")
	if offset := word & 0x1fff; offset != 0 {
		f[record.FFragOffset] = strconv.FormatUint(offset, 10)
	}
}

// protocol fills in the protocol as the kernel has it, and the flags of TCP; it returns
// what is wrong, or "".
func (o ulogdObject) protocol(f *record.Fields) (wrong string) {
	n, ok := o.number("ip.protocol", 255)
	if !ok {
		if n, ok = o.number("ip6.nexthdr", 255); !ok {
			return "no ip.protocol"
		}
	}
	names := map[uint64]string{1: "ICMP", 6: "TCP", 17: "UDP", 50: "ESP", 51: "AH", 58: "ICMPv6", 136: "UDPLITE"}
	if f[record.FProto] = names[n]; f[record.FProto] == "" {
		f[record.FProto] = strconv.FormatUint(n, 10)
	}
	if n != 6 {
		return ""
	}
	var flags []string
	for _, name := range [...]string{"urg", "ack", "psh", "rst", "syn", "fin"} { // in the kernel's order
		if set, _ := o.number("tcp."+name, 1); set == 1 || o["tcp."+name] == true {
			flags = append(flags, strings.ToUpper(name))
		}
	}
	f[record.FFlags] = strings.Join(flags, " ")
	return ""
}

// hook is the hook of netfilter (include/uapi/linux/netfilter.h).
func (o ulogdObject) hook() string {
	names := [...]string{chainPrerouting, chainInput, chainForward, chainOutput, "POSTROUTING"}
	if n, ok := o.number("oob.hook", uint64(len(names)-1)); ok {
		return names[n]
	}
	return ""
}

func (o ulogdObject) number(key string, most uint64) (n uint64, ok bool) {
	v, ok := o[key].(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(v.String(), 10, 64)
	return n, err == nil && n <= most
}

// address46 is an address of either family.
func address46(s string, i int) int {
	if end := ip4(s, i); end >= 0 {
		return end
	}
	return ip6(s, i)
}
