package kernlog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	head4 = "IN=eth0 OUT= MAC=00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 "
	head6 = "IN=eth0 OUT= SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=fe80:0000:0000:0000:0000:0000:0000:0002 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=7 "
)

var (
	base4 = says{"verdict": "unknown", "chain": "INPUT", "in": "eth0", "mac": "00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00",
		"src": "192.0.2.1", "dst": "192.0.2.2", "len": "60", "tos": "0x00", "prec": "0x00", "ttl": "64", "id": "1"}
	base6 = says{"verdict": "unknown", "chain": "INPUT", "in": "eth0", "src": "2001:0db8:0000:0000:0000:0000:0000:0001",
		"dst": "fe80:0000:0000:0000:0000:0000:0000:0002", "len": "60", "tc": "0", "hoplimit": "64", "flowlbl": "7"}
)

// packets are shapes of packets: what is logged, and what it says, which is the
// base and more, and inside an ICMP error the inner packet.
var packets = []struct {
	name, line string
	base       says
	more       says
	inner      says
}{
	{"tcp", head4 + "CE DF MF OPT (0708) PROTO=TCP SPT=1 DPT=2 SEQ=3 ACK=4 WINDOW=5 RES=0x08 AE CWR ECE URG ACK PSH RST SYN FIN URGP=6 OPT (020405B4) UID=7 GID=8 MARK=0x9 ", base4, says{
		"frag": "CE DF MF", "ext": "0708", "proto": "TCP", "spt": "1", "dpt": "2", "seq": "3", "ack": "4", "window": "5", "res": "0x08",
		"flags": "AE CWR ECE URG ACK PSH RST SYN FIN", "urgp": "6", "tcp_opt": "020405B4", "uid": "7", "gid": "8", "mark": "0x9"}, nil},
	{"tcp options cut", head4 + "PROTO=TCP SPT=1 DPT=2 WINDOW=5 RES=0x00 SYN URGP=0 OPT (TRUNCATED)", base4, says{
		"proto": "TCP", "spt": "1", "dpt": "2", "window": "5", "res": "0x00", "flags": "SYN", "urgp": "0", "tcp_opt": "TRUNCATED"}, nil},
	{"udp", head4 + "DF PROTO=UDP SPT=1 DPT=53 LEN=40", base4, says{"frag": "DF", "proto": "UDP", "spt": "1", "dpt": "53", "ulen": "40"}, nil},
	{"later fragment", head4 + "MF FRAG:185 PROTO=UDP ", base4, says{"frag": "MF", "frag_offset": "185", "proto": "UDP"}, nil},
	{"later fragment of AH", head4 + "FRAG:185 MARK=0x1 ", base4, says{"frag_offset": "185", "mark": "0x1"}, nil},
	{"sctp", head4 + "PROTO=132 ", base4, says{"proto": "132"}, nil},
	{"incomplete", head4 + "PROTO=TCP INCOMPLETE [2 bytes] ", base4, says{"proto": "TCP", "incomplete": "2"}, nil},
	{"esp", head4 + "PROTO=ESP SPI=0xcb886522 ", base4, says{"proto": "ESP", "spi": "0xcb886522"}, nil},
	{"echo", head4 + "PROTO=ICMP TYPE=8 CODE=0 ID=5 SEQ=6 ", base4, says{"proto": "ICMP", "icmp_type": "8", "icmp_code": "0", "icmp_id": "5", "icmp_seq": "6"}, nil},
	{"icmp error about udp", head4 + "PROTO=ICMP TYPE=5 CODE=1 GATEWAY=10.0.0.9 [SRC=10.0.0.1 DST=10.0.0.2 LEN=31 TOS=0x00 PREC=0x00 TTL=63 ID=9 PROTO=UDP SPT=4 DPT=53 LEN=11 ] MARK=0x1 ", base4, says{
		"proto": "ICMP", "icmp_type": "5", "icmp_code": "1", "gateway": "10.0.0.9", "mark": "0x1"}, says{
		"src": "10.0.0.1", "dst": "10.0.0.2", "len": "31", "tos": "0x00", "prec": "0x00", "ttl": "63", "id": "9", "proto": "UDP", "spt": "4", "dpt": "53", "ulen": "11"}},
	{"icmp error about an incomplete header", head4 + "PROTO=ICMP TYPE=3 CODE=4 [SRC=10.0.0.1 DST=10.0.0.2 LEN=31 TOS=0x00 PREC=0x00 TTL=63 ID=9 PROTO=UDP INCOMPLETE [4 bytes] ] MTU=1400 ", base4, says{
		"proto": "ICMP", "icmp_type": "3", "icmp_code": "4", "mtu": "1400"}, says{
		"src": "10.0.0.1", "dst": "10.0.0.2", "len": "31", "tos": "0x00", "prec": "0x00", "ttl": "63", "id": "9", "proto": "UDP", "incomplete": "4"}},
	{"icmp error about nothing", head4 + "PROTO=ICMP TYPE=11 CODE=0 [TRUNCATED] ", base4, says{"proto": "ICMP", "icmp_type": "11", "icmp_code": "0"}, says{"truncated": "TRUNCATED"}},
	{"icmp error about an icmp error", head4 + "PROTO=ICMP TYPE=11 CODE=0 [SRC=10.0.0.1 DST=10.0.0.2 LEN=31 TOS=0x00 PREC=0x00 TTL=63 ID=9 PROTO=ICMP TYPE=3 CODE=4 MTU=1400 ] ", base4, says{
		"proto": "ICMP", "icmp_type": "11", "icmp_code": "0"}, says{
		"src": "10.0.0.1", "dst": "10.0.0.2", "len": "31", "tos": "0x00", "prec": "0x00", "ttl": "63", "id": "9", "proto": "ICMP", "icmp_type": "3", "icmp_code": "4", "mtu": "1400"}},
	{"v6 ports", head6 + "PROTO=TCP SPT=1 DPT=22 WINDOW=5 RES=0x00 SYN URGP=0 ", base6, says{"proto": "TCP", "spt": "1", "dpt": "22", "window": "5", "res": "0x00", "flags": "SYN", "urgp": "0"}, nil},
	{"v6 extension headers", head6 + "OPT ( ) OPT ( AH SPI=0xdeadbeef ) OPT ( FRAG:0 INCOMPLETE ID:00001234 ) PROTO=UDP SPT=1 DPT=2 LEN=9 ", base6, says{
		"ext": "OPT ( ) OPT ( AH SPI=0xdeadbeef ) OPT ( FRAG:0 INCOMPLETE ID:00001234 )", "spi": "0xdeadbeef", "frag_offset": "0", "frag_id": "00001234",
		"proto": "UDP", "spt": "1", "dpt": "2", "ulen": "9"}, nil},
	{"v6 later fragment", head6 + "FRAG:1480 ID:00001234 PROTO=UDP ", base6, says{"ext": "FRAG:1480 ID:00001234", "frag_offset": "1480", "frag_id": "00001234", "proto": "UDP"}, nil},
	{"v6 later fragment with more headers", head6 + "OPT ( FRAG:1480 ID:00001234 ) OPT ( )", base6, says{"ext": "OPT ( FRAG:1480 ID:00001234 ) OPT ( )", "frag_offset": "1480", "frag_id": "00001234"}, nil},
	{"v6 two fragment headers", head6 + "OPT ( FRAG:8 ID:00000001 ) OPT ( FRAG:0 ID:00000002 ) PROTO=UDP ", base6, says{
		"ext": "OPT ( FRAG:8 ID:00000001 ) OPT ( FRAG:0 ID:00000002 )", "frag_offset": "8", "frag_id": "00000001", "proto": "UDP"}, nil},
	{"v6 esp", head6 + "OPT ( ESP SPI=0xcb886522 )", base6, says{"ext": "OPT ( ESP SPI=0xcb886522 )", "proto": "ESP", "spi": "0xcb886522"}, nil},
	{"v6 esp without options", head6, base6, nil, nil},
	{"v6 truncated", head6 + "TRUNCATED", base6, says{"truncated": "TRUNCATED"}, nil},
	{"v6 fragment header truncated", head6 + "OPT ( FRAG:TRUNCATED ", base6, says{"ext": "OPT ( FRAG:TRUNCATED", "truncated": "TRUNCATED"}, nil},
	{"v6 ah incomplete", head6 + "OPT ( AH INCOMPLETE [4 bytes] )", base6, says{"ext": "OPT ( AH INCOMPLETE [4 bytes] )", "incomplete": "4"}, nil},
	{"v6 error", head6 + "PROTO=ICMPv6 TYPE=4 CODE=1 POINTER=00000006 [SRC=fe80::1 DST=fe80::2 LEN=51 TC=0 HOPLIMIT=64 FLOWLBL=0 OPT ( ESP SPI=0x1 )] ", base6, says{
		"proto": "ICMPv6", "icmp_type": "4", "icmp_code": "1", "pointer": "00000006"}, says{
		"src": "fe80::1", "dst": "fe80::2", "len": "51", "tc": "0", "hoplimit": "64", "flowlbl": "0", "ext": "OPT ( ESP SPI=0x1 )", "proto": "ESP", "spi": "0x1"}},
	{"v6 too big", head6 + "PROTO=ICMPv6 TYPE=2 CODE=0 [TRUNCATED] MTU=1280 ", base6, says{"proto": "ICMPv6", "icmp_type": "2", "icmp_code": "0", "mtu": "1280"}, says{"truncated": "TRUNCATED"}},
	{"arp", "IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=16:92:f7:8f:9d:50 IPSRC=10.0.0.1 MACDST=00:00:00:00:00:00 IPDST=10.0.0.2", says{"verdict": "unknown", "chain": "INPUT", "in": "eth0"}, says{
		"htype": "1", "ptype": "0x0800", "opcode": "1", "arp_macsrc": "16:92:f7:8f:9d:50", "ipsrc": "10.0.0.1", "arp_macdst": "00:00:00:00:00:00", "ipdst": "10.0.0.2"}, nil},
	{"arp that is not Ethernet", "IN=eth0 OUT= ARP HTYPE=6 PTYPE=0x0800 OPCODE=1", says{"verdict": "unknown", "chain": "INPUT", "in": "eth0"}, says{"htype": "6", "ptype": "0x0800", "opcode": "1"}, nil},
	{"arp incomplete", "IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 INCOMPLETE [7 bytes]", says{"verdict": "unknown", "chain": "INPUT", "in": "eth0"}, says{"htype": "1", "ptype": "0x0800", "opcode": "1", "incomplete": "7"}, nil},
	{"another protocol", "IN=eth0 OUT= MACSRC=16:92:f7:8f:9d:50 MACDST=62:6f:64:df:b2:00 VPROTO=8100 VID=24618 MACPROTO=88cc ", says{"verdict": "unknown", "chain": "INPUT", "in": "eth0"}, says{
		"macsrc": "16:92:f7:8f:9d:50", "macdst": "62:6f:64:df:b2:00", "vproto": "8100", "vid": "24618", "macproto": "88cc"}, nil},
	{"bridge", "IN=br0 OUT=br0 PHYSIN=p1 PHYSOUT=p2 SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=47", says{"verdict": "unknown", "chain": "FORWARD"}, says{
		"in": "br0", "out": "br0", "physin": "p1", "physout": "p2", "src": "10.0.0.1", "dst": "10.0.0.2", "len": "60", "tos": "0x00", "prec": "0x00", "ttl": "64", "id": "1", "proto": "47"}, nil},
	{"sit", "IN=sit0 OUT= MAC=45:00 TUNNEL=192.0.2.1->192.0.2.2 SRC=::1 DST=::2 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=59 ", says{"verdict": "unknown", "chain": "INPUT"}, says{
		"in": "sit0", "mac": "45:00", "tunnel": "192.0.2.1->192.0.2.2", "src": "::1", "dst": "::2", "len": "60", "tc": "0", "hoplimit": "64", "flowlbl": "0", "proto": "59"}, nil},
	{"Ubiquiti's numbers", "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=1 DPT=2 WINDOW=3 RES=0x00 SYN URGn=0 MARK=0", says{"verdict": "unknown", "chain": "INPUT"}, says{
		"in": "eth0", "src": "192.0.2.1", "dst": "192.0.2.2", "len": "40", "tos": "00", "prec": "0x00", "ttl": "64", "id": "1",
		"proto": "TCP", "spt": "1", "dpt": "2", "window": "3", "res": "0x00", "flags": "SYN", "urgp": "0", "mark": "0"}, nil},
}

// TestPackets reads shapes of packets as a person does.
func TestPackets(t *testing.T) {
	for _, tt := range packets {
		t.Run(tt.name, func(t *testing.T) {
			ev := event(t, "Nov 23 15:05:50 host kernel: "+tt.line)
			want := says{}
			for k, v := range tt.base {
				want[k] = v
			}
			for k, v := range tt.more {
				want[k] = v
			}
			if d := cmp.Diff(want, said(&ev.Fields)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
			if (tt.inner != nil) != (ev.Inner != nil) {
				t.Fatalf("inner %v", ev.Inner)
			}
			if tt.inner != nil {
				if d := cmp.Diff(tt.inner, said(ev.Inner)); d != "" {
					t.Errorf("inner: -want +got\n%s", d)
				}
			}
		})
	}
}
