package kernlog

import (
	"regexp"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

const ulogdLine = `{"timestamp": "2026-11-21T10:00:00.123456+0100", "dvc": "Netfilter", "raw.pktlen": 60, "raw.pktcount": 1, "oob.prefix": "DROP: ", "oob.time.sec": 1, "oob.mark": 26, "oob.ifindex_in": 2, "oob.hook": 1, "raw.mac_len": 14, "oob.family": 2, "oob.protocol": 2048, "action": "blocked", "raw.type": 1, "raw.mac.addrlen": 6, "ip.protocol": 6, "ip.tos": 0, "ip.ttl": 64, "ip.totlen": 60, "ip.ihl": 5, "ip.csum": 1, "ip.id": 30956, "ip.fragoff": 16384, "src_port": 60268, "dest_port": 8888, "tcp.seq": 701156108, "tcp.ackseq": 0, "tcp.window": 64240, "tcp.offset": 0, "tcp.reserved": 0, "tcp.syn": 1, "tcp.csum": 2, "oob.in": "eth0", "oob.out": "", "src_ip": "192.0.2.136", "dest_ip": "198.51.100.95", "mac.saddr.str": "02:00:00:d8:ea:49", "mac.daddr.str": "02:00:00:b3:b2:53", "mac.str": "02:00:00:b3:b2:53:02:00:00:d8:ea:49:08:00"}`

// TestUlogdJSON: an object of ulogd is the packet, and one that is not whole is an error.
func TestUlogdJSON(t *testing.T) {
	ev := event(t, ulogdLine)
	got := said(&ev.Fields)
	for k, v := range map[string]string{
		"verdict": "drop", "prefix": "DROP: ", "hook": "INPUT", "chain": "INPUT", "in": "eth0", "src": "192.0.2.136", "dst": "198.51.100.95",
		"proto": "TCP", "spt": "60268", "dpt": "8888", "flags": "SYN", "frag": "DF", "mark": "0x1a", "ttl": "64",
	} {
		if got[k] != v {
			t.Errorf("%s: %q, want %q", k, got[k], v)
		}
	}
	if ev.Time != "2026-11-21T10:00:00.123456+01:00" && ev.Time != "2026-11-21T09:00:00.123456Z" || ev.Carrier != carrierUlogd || ev.Trust != record.TrustNone {
		t.Errorf("time %s carrier %s trust %s", ev.Time, ev.Carrier, ev.Trust)
	}
	if f := event(t, strings.Replace(ulogdLine, `"oob.hook": 1`, `"oob.hook": 0`, 1)).Fields; f[record.FHook] != "PREROUTING" {
		t.Errorf("hook %q", f[record.FHook])
	}
	for _, change := range [][2]string{
		{`"dest_ip": "198.51.100.95", `, ""},
		{`"dest_ip": "198.51.100.95"`, `"dest_ip": "198.51.100.956"`},
		{`"dest_ip": "198.51.100.95"`, `"dest_ip": "2001:db8::1"`},
		{`8888`, `88888`},
		{`8888`, `"22 "`},
		{`"oob.in": "eth0"`, `"oob.in": ""`},
		{`"oob.in": "eth0"`, `"oob.in": "a b"`},
		{`"ip.protocol": 6, `, ""},
		{`08:00"}`, `08:00"`},
		{`08:00"}`, `08`},
		{`08:00"}`, `08:00"} {}`},
	} {
		var ev record.Event
		line := strings.Replace(ulogdLine, change[0], change[1], 1)
		if res, err := New(Config{}).Parse([]byte(line), nil, &ev); err == nil || ev != (record.Event{}) {
			t.Errorf("%v, %v\n%s", res.Kind, err, line)
		}
	}
}

// FuzzUlogdJSON: whatever the object is, there is an event that is whole or none.
func FuzzUlogdJSON(f *testing.F) {
	f.Add(ulogdLine)
	f.Add(`{"raw.pktlen": 1, "src_ip": "2001:db8::1", "dest_ip": "2001:db8::2", "ip6.nexthdr": 58, "icmpv6.type": 135, "icmpv6.code": 0, "oob.in": "e"}`)
	f.Fuzz(func(t *testing.T, line string) {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if res.Kind != Event && ev != (record.Event{}) {
			t.Errorf("%v, %v: %+v", res.Kind, err, ev)
		}
		if res.Kind == Event && ev.Carrier == carrierUlogd && (ev.Fields[record.FSrc] == "" || ev.Fields[record.FDst] == "" || ev.Fields[record.FProto] == "" || ev.Trust != record.TrustNone) {
			t.Errorf("half an event: %+v", ev)
		}
	})
}

// ulogdText has what tells ulogd's text from the kernel's.
var ulogdText = regexp.MustCompile(`TOS=(?:[^0]|0[^x]|0$)|MARK=(?:[^0]|0[^x]|0$)`)

// FuzzUlogdText: the same of ulogd's text.
func FuzzUlogdText(f *testing.F) {
	f.Add("DROP ", ulogd4+"PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN URGP=0 MARK=0")
	f.Add("", ulogd6+"FRAG: 8 ID: 0000002a PROTO=UDP INCOMPLETEMARK=0")
	f.Add("[A-D-1] ", ulogd4+"PROTO=SCTP SPT=5 DPT=7 MARK=0")
	f.Fuzz(func(t *testing.T, prefix, packet string) {
		checkLine(t, []byte("Nov 23 15:05:50 host "+prefix+packet))
		checkLine(t, []byte("<4>1 2026-05-26T19:47:43Z host app - - - "+prefix+packet))
	})
}

// FuzzFirewalls: reading a prefix ends, and says a verdict that there is.
func FuzzFirewalls(f *testing.F) {
	for _, w := range wrote {
		f.Add(w.prefix)
	}
	p := New(Config{})
	f.Fuzz(func(t *testing.T, prefix string) {
		var fields record.Fields
		p.readPrefix(prefix, &fields)
		switch fields[record.FVerdict] {
		case verdictAccept, verdictDrop, verdictReject, verdictNone, verdictUnknown:
		default:
			t.Errorf("verdict %q", fields[record.FVerdict])
		}
	})
}
