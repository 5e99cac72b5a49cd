package kernlog

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// refused are the lines of the netfilter corpora that are no events, by a part
// of them.
var refused = map[string]string{
	"promiscuous mode":                       "not ours",
	"ipv6_tcp_connect_nmap_default_scan:Mar": "grep's file name in front",
	"XX=enp1s0 OUT=":                         "no IN=, spoilt on purpose",
}

// TestNetfilterCorpus parses each line, and writes it again from its event: so
// nothing of it is lost, and nothing is there that it does not say.
func TestNetfilterCorpus(t *testing.T) {
	events := 0
	for _, pattern := range []string{"own-kernel/*.dmesg", "own-kernel/*.txt", "kernel-6.1/*", "psad/*", "crowdsec-hub/ip*/*.log"} {
		for _, file := range corpusFiles(t, "netfilter/"+pattern) {
			for _, l := range lines(t, file) {
				var ev record.Event
				res, err := New(Config{}).Parse([]byte(l), nil, &ev)
				reason := ""
				for part, why := range refused {
					if strings.Contains(l, part) {
						reason = why
					}
				}
				switch {
				case (res.Kind == Event) == (reason != ""):
					t.Errorf("%s: %+v, %v, %s\n%s", file, res, err, reason, l)
				case res.Kind == Event:
					events++
					if got := kernelText(&ev); !strings.HasSuffix(plain(unescaped(l)), plain(got)) {
						t.Errorf("%s:\n%s\nis written as\n%s", file, l, got)
					}
				}
			}
		}
	}
	if events < 900 {
		t.Errorf("only %d events", events)
	}
}

// unescaped is a line as the parser sees it.
func unescaped(l string) string {
	var h head
	if h.kmsg(l) && h.unescapeKmsg() == nil {
		return h.msg
	}
	return l
}

// TestScans: every line of the logs of crowdsec's hub and of psad's scans is an
// event but for those that are spoilt on purpose or not ours.
func TestScans(t *testing.T) {
	for pattern, want := range map[string][3]int{ // events, errors, not ours
		"crowdsec-hub/iptables-scan-multi-port/*.log": {49, 0, 0},
		"crowdsec-hub/iptables-logs/*.log":            {3, 1, 0}, // no IN=, spoilt on purpose
		"crowdsec-hub/proxmox-iptables-logs/*.log":    {10, 0, 0},
		"psad/*": {617, 1, 0}, // grep's file name in front: a carrier is recognised from the start of the line only
	} {
		var got [3]int
		for _, file := range corpusFiles(t, "netfilter/"+pattern) {
			for _, l := range lines(t, file) {
				var ev record.Event
				res, err := New(Config{}).Parse([]byte(l), nil, &ev)
				switch {
				case err != nil:
					got[1]++
				case res.Kind == Event:
					got[0]++
				default:
					got[2]++
				}
			}
		}
		if got != want {
			t.Errorf("%s: events, errors, not ours: %v, want %v", pattern, got, want)
		}
	}
}

// TestForeignForm: what no kernel writes earns no trust, wherever it stands.
func TestForeignForm(t *testing.T) {
	const packet = "[UFW BLOCK] IN=lo OUT= MAC=00:00:00:00:00:00:00:00:00:00:00:00:08:00 SRC=127.0.0.2 DST=127.0.0.53 LEN=104 TOS=0x00 PREC=0x00 TTL=64 ID=16820 DF PROTO=TCP SPT=50616 DPT=53 LEN=84"
	device := &record.Source{Kind: "device", Path: "/dev/kmsg", Mode: "0644"}
	for name, ev := range map[string]func(ev *record.Event) (Result, error){
		"kmsg": func(ev *record.Event) (Result, error) {
			return New(Config{}).Parse([]byte("4,1,2,-;"+packet), device, ev)
		},
		"journal": func(ev *record.Event) (Result, error) {
			var e Entry
			return New(Config{}).ParseJSON([]byte(`{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","MESSAGE":"`+packet+`"}`), &e, ev)
		},
		"quoted": func(ev *record.Event) (Result, error) {
			_, tcp, _ := strings.Cut(packet, "SRC=")
			return New(Config{}).Parse([]byte("4,1,2,-;"+head4+"PROTO=ICMP TYPE=11 CODE=0 [SRC="+tcp+" ] "), device, ev)
		},
	} {
		var got record.Event
		res, err := ev(&got)
		if err != nil || res.Kind != Event || got.Trust != record.TrustNone || got.Reason != reasonNoKernel {
			t.Errorf("%s: %v, %v, trust %s (%s)", name, res.Kind, err, got.Trust, got.Reason)
		}
		length := got.Fields[record.FUlen]
		if got.Inner != nil {
			length = got.Inner[record.FUlen]
		}
		if length != "84" {
			t.Errorf("%s: length %q", name, length)
		}
	}
	for _, rest := range []string{"LEN=84 WINDOW=1 RES=0x00 SYN URGP=0", "LEN=84 SYN", "LEN=x", "SEQ=1 ACK=2 LEN=84"} {
		var ev record.Event
		if res, err := New(Config{}).Parse([]byte(strings.Replace(packet, "LEN=84", rest, 1)), nil, &ev); err == nil {
			t.Errorf("%s: %v", rest, res.Kind)
		}
	}
}

// TestAnchor: what counts is the last IN= OUT= after which all is grammatical.
func TestAnchor(t *testing.T) {
	const rest = " SRC=10.66.0.1 DST=10.66.0.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=4003 DPT=7780 WINDOW=8192 RES=0x00 SYN URGP=0 "
	tests := []struct{ line, prefix, in, src string }{
		{"IN=lo OUT= SRC=1.2.3.4 decoyIN=fwlv1 OUT=" + rest, "IN=lo OUT= SRC=1.2.3.4 decoy", "fwlv1", "10.66.0.1"},
		{"SRC=1.2.3.4 DPT=22 xIN=SRC=9.9.9.9 OUT=" + rest, "SRC=1.2.3.4 DPT=22 x", "SRC=9.9.9.9", "10.66.0.1"},
		{strings.Repeat("IN= OUT= ", 40) + "IN=eth0 OUT=" + rest, strings.Repeat("IN= OUT= ", 40), "eth0", "10.66.0.1"},
		{"IN=lo OUT=" + rest + "IN=eth0 OUT=" + rest, "IN=lo OUT=" + rest, "eth0", "10.66.0.1"},
		{"a\x1b[31m IN=$(id) OUT=" + rest, "a\x1b[31m ", "$(id)", "10.66.0.1"},
		{"IN=-j OUT=" + rest, "", "-j", "10.66.0.1"},
	}
	for _, tt := range tests {
		ev := event(t, "Nov 23 15:05:50 host kernel: "+tt.line)
		f := &ev.Fields
		if f[record.FPrefix] != tt.prefix || f[record.FIn] != tt.in || f[record.FSrc] != tt.src {
			t.Errorf("prefix %q in %q src %q\n%s", f[record.FPrefix], f[record.FIn], f[record.FSrc], tt.line)
		}
	}
}

func TestNetfilterErrors(t *testing.T) {
	const head = "IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 "
	const head6 = "IN=eth0 OUT= SRC=fe80::1 DST=fe80::2 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=7 "
	for line, want := range map[string]string{
		head + "FRAG:185 PROTO=UDP SPT=1 DPT=2 LEN=3 ":                             "text after the packet",
		head + "OPT (0708 PROTO=47 ":                                               "not options",
		head + "OPT (07G8) PROTO=47 ":                                              "not options",
		head + "OPT () PROTO=47 ":                                                  "not options",
		head + "OPT (0708)PROTO=47 ":                                               "no blank after the options",
		head + "PROTO=TCP INCOMPLETE [x bytes] ":                                   "not a number of bytes",
		head + "PROTO=TCP INCOMPLETE [2 bytes ":                                    "not a number of bytes",
		head + "PROTO=47 MARK=0x ":                                                 "not a value of MARK=",
		head + "PROTO=47 UID=1 ":                                                   "no GID=",
		head + "PROTO=ESP ":                                                        "no SPI=",
		head6 + "OPT ( PROTO=47 ":                                                  "no end of the extension header",
		head6 + "OPT ( )PROTO=47 ":                                                 "text after an extension header",
		head6 + "OPT ( AH SPI=0x1 PROTO=47 ":                                       "no end of the extension header",
		head6 + "FRAG:8 PROTO=UDP ":                                                "no ID:",
		head6 + "FRAG:x ID:1 PROTO=UDP ":                                           "not a value of FRAG:",
		head6 + "PROTO=ICMPv6 TYPE=2 CODE=0 [TRUNCATED] ":                          "no MTU=",
		head6 + "PROTO=ICMPv6 TYPE=1 CODE=0 ":                                      "no quoted packet",
		head6 + "x":                                                                "no PROTO=",
		"IN=eth0 OUT= MAC=00:1g SRC=192.0.2.1 ":                                    "not a value of MAC=",
		"IN=eth0 OUT= MAC=00-11 SRC=192.0.2.1 ":                                    "not a value of MAC=",
		"IN=eth0 OUT= MACSRC= MACDST= MACPROTO=0800 SRC=192.0.2.1 ":                "not a value of MACSRC=",
		"IN=eth0 OUT= MACSRC=00:11:22:33:44:55 SRC=192.0.2.1 ":                     "no MACDST=",
		"IN=eth0 OUT= PHYSIN= SRC=192.0.2.1 ":                                      "not a value of PHYSIN=",
		"IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=00:11:22:33:44:55 ": "no IPSRC=",
		"IN=eth0 OUT= TUNNEL=1.2.3.4->5.6.7.8 ":                                    "no packet",
		"IN=eth0 OUT=0123456789abcdef SRC=192.0.2.1 ":                              "not a value of OUT=",
		head + "PROTO=TCP SPT=1 DPT=2 ":                                            "no WINDOW=",
		head + "PROTO=TCP SPT=1 DPT=65536 WINDOW=1 RES=0x00 SYN URGP=0 ":           "not a value of DPT=",
		head + "PROTO=TCP SPT=1 DPT=2 WINDOW=1 RES=0x00 SYN ACK URGP=0 ":           "no URGP=",
		head + "PROTO=TCP SPT=1 DPT=2 WINDOW=1 RES=0x00 SYN URGP=0 DPT=3 ":         "text after the packet",
		head + "PROTO=TCP SPT=1 SPT=1 DPT=2 WINDOW=1 RES=0x00 SYN URGP=0 ":         "no DPT=",
		head + "PROTO=UDP SPT=1 DPT=+2 LEN=3 ":                                     "not a value of DPT=",
		head + "PROTO=XYZ ":                                                        "not a value of PROTO=",
		head + "PROTO=256 ":                                                        "not a value of PROTO=",
		head + "PROTO=ICMP TYPE=8 CODE=0 ":                                         "no ID=",
		head + "PROTO=ICMP TYPE=3 CODE=1 ":                                         "no quoted packet",
		head + "PROTO=ICMP TYPE=3 CODE=1 [" + head + "PROTO=47 ] ":                 "text after the packet",
		head + "PROTO=ICMP TYPE=3 CODE=1 [SRC=1.2.3.4 DST=1.2.3.4 LEN=1 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=47 ":                               "no end of the quoted packet",
		head + "PROTO=ICMP TYPE=3 CODE=1 [SRC=1.2.3.4 DST=1.2.3.4 LEN=1 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=ICMP TYPE=3 CODE=0 [TRUNCATED] ] ": "no end of the quoted packet",
		"IN=eth0 OUT= SRC=192.0.2.256 DST=192.0.2.2 ":                                        "not a value of SRC=",
		"IN=eth0 OUT= SRC=fe80::1%eth0 DST=fe80::2 LEN=1 TC=0 HOPLIMIT=1 FLOWLBL=0 PROTO=59": "not a value of SRC=",
		"IN=eth0 OUT= SRC=192.0.2.1 DST=fe80::1 ":                                            "not a value of DST=",
		"IN=eth0 OUT= MAC=00:1 SRC=192.0.2.1 ":                                               "not a value of MAC=",
		"IN=eth0 OUT=":                                                                       "no packet",
		"IN=eth0 OUT= nothing":                                                               "no packet",
		"XX=eth0 OUT= SRC=192.0.2.1 ":                                                        "no IN= before OUT=",
		"0:11 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=47 ":   "no IN= and OUT= before SRC=",
		strings.Repeat("x", maxPrefix+1) + head + "PROTO=47 ":                                "a log prefix longer",
	} {
		var ev record.Event
		line = "Nov 23 15:05:50 host kernel: " + line
		res, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if err == nil || !strings.Contains(err.Error(), want) || res != (Result{}) || ev != (record.Event{}) {
			t.Errorf("Parse = %v, %v, want %s\n%s", res, err, want, line)
		}
		// The same in another program's line is an error where it has the keys of a packet.
		line = strings.Replace(line, "kernel:", "nginx:", 1)
		like := strings.Contains(line, "PROTO=") || strings.Contains(line, "IN=") && strings.Contains(line, " SRC=")
		if res, err := New(Config{}).Parse([]byte(line), nil, &ev); (err != nil) != like || res.Kind != Skip {
			t.Errorf("Parse = %v, %v\n%s", res, err, line)
		}
	}
}
