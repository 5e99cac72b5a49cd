package kernlog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// sent are the packets that a script of the corpus, own-kernel/packets.py, sent
// over a wire, in its order: what each of them is, as the fields of its event.
// What all have is left out: addresses, "len", "tos", "prec", "ttl", "tc",
// "hoplimit" and "flowlbl" where nothing was said of them, "window", "res", "urgp"
// and the kernel's own MAC header. What an ICMP error quotes is in brackets.
var sent = []string{
	"proto=132", "proto=47", "proto=2", "proto=4", "proto=41", "proto=89", "proto=112",
	"proto=ESP spi=0xcb886522", "proto=AH spi=0xdeadbeef", "proto=UDPLITE spt=5000 dpt=53 ulen=8",
	"proto=AH incomplete=2", "proto=TCP incomplete=2", "proto=ICMP incomplete=2",
	"frag=MF proto=UDP spt=1 dpt=7786 ulen=3008", "frag=MF frag_offset=185 proto=UDP", "frag_offset=370 proto=UDP",
	"flags=SYN frag=MF proto=TCP spt=1 dpt=7785", "frag=MF frag_offset=185 proto=TCP", "frag_offset=370 proto=TCP",
	"proto=ICMP icmp_type=3 icmp_code=3 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMP icmp_type=3 icmp_code=4 mtu=1400 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMP icmp_type=5 icmp_code=1 gateway=10.66.0.254 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMP icmp_type=11 icmp_code=0 [flags=SYN proto=TCP spt=4000 dpt=443]",
	"proto=ICMP icmp_type=11 icmp_code=0 [proto=ICMP icmp_type=3 icmp_code=1]",
	"proto=ICMP icmp_type=12 icmp_code=0 pointer=20",
	"proto=ICMP icmp_type=3 icmp_code=3 [proto=UDP incomplete=4]",
	"proto=ICMP icmp_type=3 icmp_code=3 incomplete=10", // the quoted header is 2 bytes long
	"proto=ICMP icmp_type=13 icmp_code=0", "proto=ICMP icmp_type=17 icmp_code=0", "proto=ICMP icmp_type=40 icmp_code=2",
	"proto=ICMP icmp_type=3 icmp_code=3 [proto=132]",
	"flags=SYN proto=TCP spt=4000 dpt=7777", "flags=SYN proto=TCP spt=4001 dpt=7778", "flags=SYN proto=TCP spt=4002 dpt=7779",
	"flags=SYN proto=TCP spt=4003 dpt=7780", "flags=SYN proto=TCP spt=4004 dpt=7781", "flags=SYN proto=TCP spt=4005 dpt=7782",
	"flags=SYN proto=TCP spt=4006 dpt=7783", "flags=SYN proto=TCP spt=4007 dpt=7784", "flags=SYN proto=TCP spt=4008 dpt=7785",
	"flags=CWR ECE URG ACK PSH RST SYN FIN proto=TCP spt=4100 dpt=7785 res=0x08 urgp=77",
	"tos=0x1C prec=0xE0 frag=CE MF proto=TCP spt=4101 dpt=7785",
	"proto=UDP spt=1 dpt=7787 ulen=3", "flags=SYN proto=TCP spt=5 dpt=0", "flags=SYN proto=TCP spt=5 dpt=22",
	"flags=SYN proto=TCP spt=4102 dpt=7785",
	"proto=ICMPv6 icmp_type=1 icmp_code=4 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMPv6 icmp_type=2 icmp_code=0 mtu=1280 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMPv6 icmp_type=3 icmp_code=0 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"proto=ICMPv6 icmp_type=4 icmp_code=1 pointer=00000006 [proto=UDP spt=5000 dpt=53 ulen=11]",
	"hoplimit=255 proto=ICMPv6 icmp_type=133 icmp_code=0", "hoplimit=1 proto=ICMPv6 icmp_type=130 icmp_code=0",
	"frag_offset=0 frag_id=00001234 ext=FRAG:0 INCOMPLETE ID:00001234 proto=UDP spt=1 dpt=2 ulen=100",
	"frag_offset=1480 frag_id=00001234 ext=FRAG:1480 ID:00001234 proto=UDP",
	"flags=SYN proto=TCP spt=9 dpt=22", "proto=UDP spt=9 dpt=53 ulen=8",
	"flags=SYN proto=TCP spt=9 dpt=23", "", // an ESP header says nothing without options
	"proto=132", "proto=59", "proto=TCP incomplete=2", "truncated=TRUNCATED", "proto=4",
	"src=0000:0000:0000:0000:0000:ffff:0102:0304 proto=UDP spt=1 dpt=2 ulen=8",
	"flags=SYN vproto=8100 vid=24618 proto=TCP spt=1 dpt=7778", // priority 3, VLAN 42
	"htype=1 ptype=0x0800 opcode=1 arp_macsrc=16:92:f7:8f:9d:50 ipsrc=10.66.0.1 arp_macdst=00:00:00:00:00:00 ipdst=10.66.0.2",
	"", // LLDP
}

// unsaid are the values that are left out above.
var unsaid = says{
	"src": "10.66.0.1 fd66:0000:0000:0000:0000:0000:0000:0001 10.66.0.2 fd66:0000:0000:0000:0000:0000:0000:0002",
	"dst": "10.66.0.2 fd66:0000:0000:0000:0000:0000:0000:0002 8.8.8.8 2001:0db8:0000:0000:0000:0000:0000:0008",
	"tos": "0x00", "prec": "0x00", "ttl": "64", "tc": "0", "hoplimit": "64", "flowlbl": "0",
	"window": "8192", "res": "0x00", "urgp": "0",
}

// sentText writes an event as sent does.
func sentText(f, inner *record.Fields) string {
	var words []string
	for i, v := range f {
		switch field := record.Field(i); {
		case v == "", field < record.FTunnel && field >= record.FPrefix && field != record.FVproto && field != record.FVid,
			field == record.FVerdict, field == record.FLen, field == record.FID,
			strings.Contains(" "+unsaid[field.String()]+" ", " "+v+" "):
		default:
			words = append(words, fmt.Sprintf("%s=%s", field, v))
		}
	}
	if inner != nil {
		words = append(words, "["+sentText(inner, nil)+"]")
	}
	return strings.Join(words, " ")
}

// TestPacketsSent: the events of the rule that logged every packet say what was
// sent, in that order and nothing else.
func TestPacketsSent(t *testing.T) {
	var got []string
	for _, l := range lines(t, corpusFiles(t, "netfilter/own-kernel/t2-all-shapes.dmesg")[0]) {
		if !strings.Contains(l, "] FWL-x netdev IN=") {
			continue
		}
		ev := event(t, l)
		if ev.Fields[record.FIn] != "fwlv1" || ev.Fields[record.FMacsrc] == "" || ev.Fields[record.FPrefix] != "FWL-x netdev " {
			t.Errorf("%v", said(&ev.Fields))
		}
		got = append(got, sentText(&ev.Fields, ev.Inner))
	}
	if d := cmp.Diff(sent, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}
