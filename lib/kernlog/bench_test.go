package kernlog

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

var benchLines = map[string]string{
	"AppArmor":        `Nov 23 15:05:50 web1 kernel: [289763.843292] audit: type=1400 audit(1795447838.853:205): apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/cupsd" name="/etc/shadow" pid=1946 comm="cupsd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`,
	"AppArmorAudit":   `type=AVC msg=audit(1795447838.853:205): apparmor="DENIED" operation="open" class="file" profile="/usr/sbin/cupsd" name=2F6574632F736861646F77 pid=1946 comm="cupsd" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`,
	"Netfilter":       `2026-11-23T15:05:50.123456+01:00 web1 kernel: [50028442.088484] [UFW BLOCK] IN=enp1s0 OUT= MAC=00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00 SRC=195.54.160.107 DST=51.15.166.67 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=37308 PROTO=TCP SPT=8080 DPT=8123 WINDOW=1024 RES=0x00 SYN URGP=0 `,
	"NetfilterSyslog": `Nov 23 15:05:50 web1 kernel: [50028442.088484] my own prefix: IN=enp1s0 OUT= MAC=00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00 SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=fd66:0000:0000:0000:0000:0000:0000:0002 LEN=40 TC=0 HOPLIMIT=64 FLOWLBL=0 PROTO=TCP SPT=8080 DPT=8123 WINDOW=1024 RES=0x00 SYN URGP=0 `,
	"Skip":            `2026-11-23T15:05:50.123456+01:00 web1 sshd[1234]: Connection closed by authenticating user root 203.0.113.7 port 49152 [preauth]`,
}

func BenchmarkParse(b *testing.B) {
	src := &record.Source{Kind: "file", Path: "/var/log/kern.log", Mode: "0640", Mtime: "2026-11-24T00:00:00Z"}
	p := New(Config{})
	for name, text := range benchLines {
		b.Run(name, func(b *testing.B) {
			line := []byte(text)
			var ev record.Event
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Parse(line, src, &ev); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHostile parses lines of 64 KiB that were made to be slow.
func BenchmarkHostile(b *testing.B) {
	const kernel = "Nov 23 15:05:50 host kernel: "
	long := func(part string) string { return strings.Repeat(part, 64<<10/len(part)) }
	for name, text := range map[string]string{
		"Anchors":  kernel + long("IN= OUT= "),
		"Glued":    kernel + long("IN=OUT="),
		"Options":  kernel + "IN= OUT= SRC=1.2.3.4 DST=1.2.3.4 LEN=1 TOS=0x00 PREC=0x00 TTL=1 ID=1 OPT (" + long("A"),
		"Prefix":   kernel + "[" + strings.Repeat("-", 500) + nfText[len("[UFW BLOCK] "):],
		"Pairs":    auditHead + `apparmor="DENIED" ` + long("a=1 "),
		"Escapes":  "4,1,2,-;" + long(`\x5c`) + nfText,
		"Brackets": long("[1") + nfText,
		"Types":    "OUT=" + long("type="),
	} {
		b.Run(name, func(b *testing.B) {
			line := []byte(text)
			b.SetBytes(int64(len(line)))
			var ev record.Event
			for b.Loop() {
				New(Config{}).Parse(line, nil, &ev)
			}
		})
	}
}

// BenchmarkFinder scans 64 MiB in blocks of 1 MiB; one line of fifty is ours.
func BenchmarkFinder(b *testing.B) {
	const size = 64 << 20
	var all []byte
	for i := 0; len(all) < size; i++ {
		switch {
		case i%50 != 0:
			all = append(all, benchLines["Skip"]...)
		case i%100 == 0:
			all = append(all, benchLines["AppArmor"]...)
		default:
			all = append(all, benchLines["Netfilter"]...)
		}
		all = append(all, '\n')
	}
	b.SetBytes(int64(len(all)))
	for b.Loop() {
		var f Finder
		found := 0
		for at := 0; at < len(all); at += 1 << 20 {
			block := all[at:min(at+1<<20, len(all))]
			f.Reset(block)
			for i := f.Next(0); i >= 0; {
				found++
				end := bytes.IndexByte(block[i:], '\n')
				if end < 0 {
					break
				}
				i = f.Next(i + end)
			}
		}
		if found == 0 {
			b.Fatal("nothing found")
		}
	}
}
