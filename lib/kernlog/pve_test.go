package kernlog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

func TestProxmoxCorpus(t *testing.T) {
	want := []struct{ verdict, chain, zone, in, out, src, dpt string }{
		{"drop", "INPUT", "0", "vmbr0.94", "", "10.3.94.11", "3784"},
		{"accept", "INPUT", "0", "vmbr0.94", "", "10.3.95.34", "8006"},
		{"reject", "INPUT", "0", "vmbr0.94", "", "10.3.95.34", "3306"},
		{"reject", "tap101i0-IN", "101", "fwbr101i0", "fwbr101i0", "10.3.95.34", "22"},
		{"accept", "tap101i0-IN", "101", "fwbr101i0", "fwbr101i0", "10.3.95.34", "3306"},
		{"reject", "tap101i0-IN", "101", "fwbr101i0", "fwbr101i0", "2a0a:1580::a", "22"},
		{"reject", "tap101i0-OUT", "101", "fwbr101i0", "fwbr101i0", "10.3.95.200", "22"},
		{"reject", "OUTPUT", "0", "", "vmbr0.94", "10.3.94.12", "22"},
		{"unknown", "GROUP-security1-IN", "0", "fwbr101i0", "fwbr101i0", "10.3.95.34", "22"},
		{"drop", "tap101i0-IN", "101", "fwbr101i0", "fwbr101i0", "10.3.95.34", "22"},
	}
	all := lines(t, corpusFiles(t, "netfilter/crowdsec-hub/proxmox*/*.log")[0])
	if len(all) != len(want) {
		t.Fatalf("%d lines", len(all))
	}
	for i, l := range all {
		ev := event(t, l)
		f := &ev.Fields
		got := want[i]
		got.verdict, got.chain, got.zone = f[record.FVerdict], f[record.FChain], f[record.FZone]
		got.in, got.out, got.src, got.dpt = f[record.FIn], f[record.FOut], f[record.FSrc], f[record.FDpt]
		if got != want[i] {
			t.Errorf("%+v, want %+v\n%s", got, want[i], l)
		}
	}
}

// TestProxmoxPackets are the shapes of pvefw-logger.c that the corpus lacks.
func TestProxmoxPackets(t *testing.T) {
	const (
		head = "100 6 tap100i0-IN 24/Sep/2026:10:00:00 +0200 policy DROP: "
		ip4  = "IN=vmbr0 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 "
		ip6  = "OUT=vmbr0 SRC=fe80::1 DST=fe80::2 LEN=60 TC=0 FLOWLBL=1 HOPLIMIT=64 "
	)
	base4 := says{"verdict": "drop", "prefix": "policy DROP: ", "chain": "tap100i0-IN", "zone": "100", "in": "vmbr0",
		"src": "192.0.2.1", "dst": "192.0.2.2", "len": "60", "tos": "0x00", "prec": "0x00", "ttl": "62", "id": "1"}
	base6 := says{"verdict": "drop", "prefix": "policy DROP: ", "chain": "tap100i0-IN", "zone": "100", "out": "vmbr0",
		"src": "fe80::1", "dst": "fe80::2", "len": "60", "tc": "0", "flowlbl": "1", "hoplimit": "64"}
	tests := []struct {
		line string
		base says
		more says
	}{
		{ip4 + "PROTO=UDP SPT=1 DPT=53 LEN=40", base4, says{"proto": "UDP", "spt": "1", "dpt": "53", "ulen": "40"}},
		{ip4 + "PROTO=UDP SPT=1 DPT=53 LEN=40mark=7 ", base4, says{"proto": "UDP", "spt": "1", "dpt": "53", "ulen": "40", "mark": "7"}},
		{ip4 + "DF PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=4 WINDOW=5 URG SYN URGP=6 mark=7 ", base4, says{"frag": "DF", "proto": "TCP", "spt": "1", "dpt": "2",
			"seq": "3", "ack": "4", "window": "5", "flags": "URG SYN", "urgp": "6", "mark": "7"}},
		{ip4 + "FRAG=185 MF PROTO=UDP SPT=1 DPT=53 LEN=40", base4, says{"frag": "MF", "frag_offset": "185", "proto": "UDP"}}, // the middle of the data
		{ip4 + "PROTO=SCTP SPT=1 DPT=2 ", base4, says{"proto": "132", "spt": "1", "dpt": "2"}},
		{ip4 + "PROTO=IGMP ", base4, says{"proto": "2"}},
		{ip4 + "PROTO=ESP ", base4, says{"proto": "ESP"}},
		{ip4 + "PROTO=47 ", base4, says{"proto": "47"}},
		{ip4 + "PROTO=ICMP TYPE=3 CODE=4 MTU=1400 ", base4, says{"proto": "ICMP", "icmp_type": "3", "icmp_code": "4", "mtu": "1400"}},
		{ip6 + "PROTO=ICMPV6 TYPE=128 CODE=0 ID=1 SEQ=2 ", base6, says{"proto": "ICMPv6", "icmp_type": "128", "icmp_code": "0", "icmp_id": "1", "icmp_seq": "2"}},
		{ip6 + "PROTO=ICMPV6 TYPE=134 CODE=0 HOPLIMIT=64 RA=00 LIFETIME=1 REACHABLE=0 RETRANSMIT=0 ", base6, says{"proto": "ICMPv6", "icmp_type": "134", "icmp_code": "0"}},
		{ip6 + "NEXTHDR=HOPOPTS FRAG=8 ID=-5 MF PROTO=UDP SPT=1 DPT=2 LEN=3", base6, says{"ext": "NEXTHDR=HOPOPTS FRAG=8 ID=-5 MF", "frag_offset": "8", "frag_id": "-5", "proto": "UDP"}},
	}
	for _, tt := range tests {
		ev := event(t, head+tt.line)
		want := says{}
		for k, v := range tt.base {
			want[k] = v
		}
		for k, v := range tt.more {
			want[k] = v
		}
		got := said(&ev.Fields)
		delete(got, "hook") // see TestFirewallPrefixes
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s\n-want +got\n%s", tt.line, d)
		}
	}
	ev := event(t, head+"IN=vmbr0 SRC=192.0.2.1 DST=192.0.2.2 PROTO=ARP REPLY MAC=00:11:22:33:44:55 ")
	if ev.Fields[record.FProto] != "ARP" || ev.Fields[record.FArpMacsrc] != "00:11:22:33:44:55" {
		t.Errorf("ARP: %v", said(&ev.Fields))
	}
	for _, line := range []string{
		head + ip4 + "PROTO=TCP LEN=4 INVALID=LEN ",
		head + ip4 + "PROTO=TCP SPT=1 DPT=2 SEQ=3 ",
		head + ip4 + "PROTO=XYZ ",
		head + ip4 + "PROTO=UDP SPT=1 DPT=2 LEN=3 IN=lo ",
		head + "IN=vmbr0 IPV6 logging not implemented SRC=",
		head + "SRC=192.0.2.1 ",
		strings.Replace(head, "Sep", "Sap", 1) + ip4[:len("IN=vmbr0 ")] + "OUT= " + ip4[len("IN=vmbr0 "):] + "PROTO=TCP ",
	} {
		var ev record.Event
		if res, err := New(Config{}).Parse([]byte(line), nil, &ev); err == nil || ev != (record.Event{}) {
			t.Errorf("Parse = %v, %v\n%s", res, err, line)
		}
	}
}
