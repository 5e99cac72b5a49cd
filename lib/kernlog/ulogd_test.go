package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

const (
	ulogd4 = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=00 PREC=0x00 TTL=64 ID=1 DF "
	ulogd6 = "IN=eth0 OUT= MAC= SRC=2001:db8::1 DST=2001:db8::2 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=7 "
)

// TestUlogdText: what printpkt.c of ulogd writes is read, by field.
func TestUlogdText(t *testing.T) {
	for line, want := range map[string]says{
		ulogd4 + "PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN URGP=0 MARK=1a0000 ": {"proto": "TCP", "dpt": "22", "flags": "SYN", "mark": "1a0000"},
		ulogd4 + "PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN URGP=0":              {"proto": "TCP", "dpt": "22", "flags": "SYN"},
		ulogd4 + "PROTO=UDP SPT=5 DPT=53 LEN=40 UID=0 GID=0 MARK=0":                    {"proto": "UDP", "dpt": "53", "uid": "0"},
		ulogd4 + "PROTO=UDP SPT=5 DPT=53 LEN=40 UID=33 MARK=0":                         {"proto": "UDP", "uid": "33"},
		ulogd4 + "PROTO=SCTP SPT=5 DPT=36412 MARK=0":                                   {"proto": "132", "spt": "5", "dpt": "36412"},
		ulogd4 + "PROTO=ICMP TYPE=3 CODE=1 MARK=0":                                     {"proto": "ICMP", "icmp_type": "3", "icmp_code": "1"},
		ulogd4 + "PROTO=ICMP TYPE=11 CODE=0 ID=7 SEQ=8 MARK=0":                         {"icmp_type": "11", "icmp_id": "7"}, // by the code
		ulogd4 + "PROTO=ICMP TYPE=3 CODE=5 GATEWAY=192.0.2.9 MARK=0":                   {"gateway": "192.0.2.9"},
		ulogd4 + "PROTO=UDP INCOMPLETEMARK=0":                                          {"proto": "UDP", "incomplete": "0"},
		ulogd4 + "PROTO=ESP SPI=0x7 MARK=0":                                            {"proto": "ESP", "spi": "0x7"},
		ulogd4 + "PROTO=112 MARK=0":                                                    {"proto": "112"},
		ulogd6 + "PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN URGP=0 MARK=0":       {"src": "2001:db8::1", "dpt": "22"},
		ulogd6 + "PROTO=ICMPv6 TYPE=1 CODE=4 MARK=0":                                   {"icmp_type": "1"},
		ulogd6 + "PROTO=ICMPv6 TYPE=128 CODE=0 ID=1 SEQ=2 MARK=0":                      {"icmp_type": "128", "icmp_seq": "2"},
		ulogd6 + "FRAG: 8 ID: 0000002a PROTO=UDP INCOMPLETEMARK=0":                     {"frag_offset": "8", "frag_id": "0000002a"},
		ulogd6 + "MARK=0": {"dst": "2001:db8::2"},
		"IN=br0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 PROTO=ARP REPLY REPLY_MAC=02:00:00:00:00:01 MARK=0": {"proto": "ARP", "arp_macsrc": "02:00:00:00:00:01"},
	} {
		ev := event(t, "Nov 23 15:05:50 host  "+line)
		got := said(&ev.Fields)
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %q, want %q\n%s", k, got[k], v, line)
			}
		}
		if ev.Trust != record.TrustNone {
			t.Errorf("trust %s\n%s", ev.Trust, line)
		}
	}
}

// TestUlogdIsNotTheKernel: what is a cut line of the kernel's stays an error.
func TestUlogdIsNotTheKernel(t *testing.T) {
	const kernel4 = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF "
	for _, line := range []string{
		kernel4 + "PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN URGP=0 ",
		kernel4 + "PROTO=SCTP SPT=5 DPT=22 ",
		kernel4 + "PROTO=ICMP TYPE=3 CODE=1 ",
		kernel4 + "PROTO=UDP INCOMPLETE",
		ulogd6 + "",
		ulogd4 + "PROTO=TCP SPT=5 DPT=22 SEQ=1 ACK=0 WINDOW=3 SYN ",
		ulogd4 + "PROTO=UDP SPT=38451 DP",
		ulogd4 + "PROTO=SCTP SPT=38451 ",
	} {
		for _, tag := range []string{"", "kernel: ", "ulogd[12]: "} {
			var ev record.Event
			res, err := New(Config{}).Parse([]byte("Nov 23 15:05:50 host "+tag+line), nil, &ev)
			if line == ulogd6 { // whole, of a protocol that the kernel has no word for
				continue
			}
			if err == nil {
				t.Errorf("%v\n%s%s", res, tag, line)
			}
		}
	}
}

// TestNothingIsLost: a packet that was cut, or that came in a frame that hides it, is an
// event where the meaning is certain and an error elsewhere, whatever the tag.
func TestNothingIsLost(t *testing.T) {
	const packet = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=UDP SPT=5 DPT=53 LEN=40"
	for line, want := range map[string]struct {
		kind          Kind
		failed        bool
		prefix, count string
	}{
		"kernel: DROP " + packet: {Event, false, "DROP ", "1"},
		"kernel: message repeated 3 times: [ [  1.5] DROP " + packet + "]":  {Event, false, "DROP ", "3"},
		"kernel: message repeated 3 times: [ [  1.5] DROP " + packet + " ]": {Event, false, "DROP ", "3"},
		"ulogd[3]: message repeated 2 times: [ DROP " + packet + "]":        {Event, false, "DROP ", "2"},
		"kernel: message repeated 3 times: [ DROP " + packet[:100] + "]":    {Skip, true, "", ""},
		"kernel: message repeated 0 times: [ DROP " + packet + "]":          {Skip, true, "", ""},
		"kernel: message repeated 3 times: [ eth0: link up]":                {Skip, false, "", ""},
		"nginx[3]: DROP " + packet[:len(packet)-9]:                          {Skip, true, "", ""},
		"nginx: " + packet[10:]:          {Skip, true, "", ""},
		"audit[1]: " + packet:            {Skip, true, "", ""},
		"audit[1]: USER_CMD pid=1 OUT=1": {Skip, false, "", ""},
		"nginx: GET /?OUT=1&PROTO2=3":    {Skip, false, "", ""},
		"kernel: DROP " + packet[:13] + "<1>" + packet[13:40] + "<1>" + packet[40:]:                                                               {Skip, true, "", ""},
		"kernel: DROP IN=eth0 OUT= MAC= <1>SRC=192.0.2.1 DST=192.0.2.2 <1>LEN=40 TOS=0x00 PREC=0x00 TTL=1 ID=2 PROTO=UDP <1>SPT=5 DPT=53 LEN=20 ": {Event, false, "DROP ", "1"},
	} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte("Nov 23 15:05:50 host "+line), nil, &ev)
		if res.Kind != want.kind || (err != nil) != want.failed || ev.Fields[record.FPrefix] != want.prefix {
			t.Errorf("%v, %v, prefix %q\n%s", res.Kind, err, ev.Fields[record.FPrefix], line)
		}
		if want.count == "3" && ev.Count != 3 || want.count == "2" && ev.Count != 2 || want.count == "1" && ev.Count != 1 {
			t.Errorf("count %d\n%s", ev.Count, line)
		}
	}
}

// TestPrefixIsNoTag: what stands right before IN= is the log prefix, and not a tag, a host
// or structured data.
func TestPrefixIsNoTag(t *testing.T) {
	const packet = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=00 PREC=0x00 TTL=64 ID=1 DF PROTO=UDP SPT=5 DPT=53 LEN=40 MARK=0"
	for line, want := range map[string][3]string{ // prefix, verdict, host
		"Jun  2 23:11:05 gw Shorewall:net2all:DROP: " + packet:                         {"Shorewall:net2all:DROP: ", "drop", "gw"},
		"Jun  2 23:11:05 gw Shorewall:net2all:DROP:" + packet:                          {"Shorewall:net2all:DROP:", "drop", "gw"},
		"Jun  2 23:11:05 DENY: " + packet:                                              {"DENY: ", "drop", ""},
		"Jun  2 23:11:05 DENY:" + packet:                                               {"DENY:", "drop", ""},
		"Jun  2 23:11:05 DROP " + packet:                                               {"DROP ", "drop", ""},
		"Jun  2 23:11:05 gw " + packet:                                                 {"", "unknown", "gw"},
		"Jun  2 23:11:05 " + packet:                                                    {"", "unknown", ""},
		"Jun  2 23:11:05 gw ulogd[1]: " + packet:                                       {"", "unknown", "gw"},
		"Jun  2 23:11:05 gw ulogd[1]: DROP " + packet:                                  {"DROP ", "drop", "gw"},
		"Jun  2 23:11:05 gw kernel: DENY: " + packet:                                   {"DENY: ", "drop", "gw"},
		"Jun  2 23:11:05 gw gw kernel: DENY: " + packet:                                {"DENY: ", "drop", "gw"},
		"Jun  2 23:11:05 gw gw [WAN-D-1] DESCR=\"x\" " + packet:                        {"[WAN-D-1] DESCR=\"x\" ", "drop", "gw"},
		"<13>1 2026-08-25T00:59:08+01:00 gw A - - [WAN-D-2] DESCR=\"x\" " + packet:     {"[WAN-D-2] DESCR=\"x\" ", "drop", "gw"},
		"<13>1 2026-08-25T00:59:08+01:00 gw A - - [UFW BLOCK] " + packet:               {"[UFW BLOCK] ", "drop", "gw"},
		"<13>1 2026-08-25T00:59:08+01:00 gw A - - [a@1 b=\"c\"] [UFW BLOCK] " + packet: {"[UFW BLOCK] ", "drop", "gw"},
		"<13>1 2026-08-25T00:59:08+01:00 gw A - - - [WAN-D-2] " + packet:               {"[WAN-D-2] ", "drop", "gw"},
	} {
		ev := event(t, line)
		if got := [3]string{ev.Fields[record.FPrefix], ev.Fields[record.FVerdict], ev.Host}; got != want {
			t.Errorf("%q, want %q\n%s", got, want, line)
		}
	}
}
