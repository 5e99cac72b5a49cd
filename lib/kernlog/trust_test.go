package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestTrust(t *testing.T) {
	const (
		audit  = "type=AVC msg=audit(1795447838.853:205): " + aaBody
		syslog = "Nov 23 15:05:50 host kernel: " + nfText
	)
	file := func(uid uint32, mode string) *record.Source {
		return &record.Source{Kind: "file", Path: "/var/log/x", UID: uid, Mode: mode}
	}
	kmsg := func(path, mode string) *record.Source {
		return &record.Source{Kind: "device", Path: path, Mode: mode}
	}
	tests := []struct {
		name, line string
		src        *record.Source
		want       record.Trust
	}{
		{"audit.log", audit, file(0, "0600"), record.TrustKernel},
		{"audit.log, readable", audit, file(0, "0644"), record.TrustKernel},
		{"audit.log, group can write", audit, file(0, "0660"), record.TrustNone},
		{"audit.log, others can write", audit, file(0, "0602"), record.TrustNone},
		{"audit.log of a user", audit, file(1000, "0600"), record.TrustNone},
		{"audit.log of unknown mode", audit, file(0, ""), record.TrustNone},
		{"audit.log of no mode", audit, file(0, "rw-r-----"), record.TrustNone},
		{"audit lines from a pipe", audit, &record.Source{Kind: "stdin", Path: "-", Mode: "0600"}, record.TrustNone},
		{"audit lines from nowhere", audit, nil, record.TrustNone},
		{"audit line with a node", "node=h " + audit, file(0, "0600"), record.TrustKernel},
		{"kern.log", syslog, file(0, "0640"), record.TrustLog},
		{"kern.log, RFC 5424", "<4>1 2026-05-26T19:47:43Z host kernel - - - " + nfText, file(0, "0640"), record.TrustLog},
		{"kern.log, group can write", syslog, file(0, "0660"), record.TrustNone},
		{"kern.log of a user", syslog, file(104, "0640"), record.TrustNone},
		{"kern.log from a pipe", syslog, &record.Source{Kind: "pipe", Mode: "0600"}, record.TrustNone},
		{"journal's text", "Nov 23 15:05:50 host audit[6209]: AVC " + aaBody, file(0, "0640"), record.TrustLog},
		{"bus daemon", "Nov 23 15:05:50 host dbus[1692]: " + dbus, file(0, "0640"), record.TrustLog},
		{"another tag", "Nov 23 15:05:50 host evil: " + nfText, file(0, "0640"), record.TrustNone},
		{"an audit line inside syslog", "Nov 23 15:05:50 host audispd: " + audit, file(0, "0640"), record.TrustNone},
		{"another facility", "<13>Nov 23 15:05:50 host kernel: " + nfText, file(0, "0640"), record.TrustNone},
		{"saved dmesg", "[  878.663410] " + nfText, file(0, "0640"), record.TrustNone},
		{"bare", nfText, file(0, "0640"), record.TrustNone},
		{"Proxmox", `0 6 PVEFW-HOST-IN 24/Sep/2026:10:00:00 +0200 policy DROP: IN=vmbr0 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 PROTO=47 `, file(0, "0640"), record.TrustNone},
		{"/dev/kmsg", "4,1,2,-;" + nfText, kmsg("/dev/kmsg", "0644"), record.TrustKernel},
		{"/dev/kmsg that others can write", "4,1,2,-;" + nfText, kmsg("/dev/kmsg", "0666"), record.TrustNone},
		{"another device", "4,1,2,-;" + nfText, kmsg("/dev/tty1", "0600"), record.TrustNone},
		{"/dev/kmsg, a process", "12,1,2,-;" + nfText, kmsg("/dev/kmsg", "0644"), record.TrustNone},
		{"/dev/kmsg, saved", "4,1,2,-;" + nfText, file(0, "0600"), record.TrustNone},
		{"an audit line in /dev/kmsg", "4,1,2,-;" + audit, kmsg("/dev/kmsg", "0644"), record.TrustNone},
	}
	for _, tt := range tests {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(tt.line), tt.src, &ev)
		if err != nil || res.Kind != Event && tt.name != "an audit line in /dev/kmsg" {
			t.Errorf("%s: Parse = %v, %v", tt.name, res, err)
		}
		if ev.Trust != tt.want || res.Kind == Event && (ev.Reason == "") != (ev.Trust == record.TrustKernel) {
			t.Errorf("%s: trust %s (%s), want %s", tt.name, ev.Trust, ev.Reason, tt.want)
		}
		if tt.src != nil && res.Kind == Event && ev.File != tt.src.Path {
			t.Errorf("%s: file %q", tt.name, ev.File)
		}
	}
}
