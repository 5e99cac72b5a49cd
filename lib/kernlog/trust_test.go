package kernlog

import (
	"encoding/json"
	"strings"
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
	auditd := func(uid uint32, mode, why string) *record.Source {
		return &record.Source{Kind: "file", Path: "/var/log/audit/audit.log", UID: uid, Mode: mode, Audit: why}
	}
	kmsg := func(path, mode string) *record.Source {
		return &record.Source{Kind: "device", Path: path, Mode: mode}
	}
	tests := []struct {
		name, line string
		src        *record.Source
		want       record.Trust
	}{
		{"auditd's log", audit, auditd(0, "0600", "path"), record.TrustKernel},
		{"auditd's log, readable", audit, auditd(0, "0644", "path"), record.TrustKernel},
		{"auditd's log, group can write", audit, auditd(0, "0660", "path"), record.TrustNone},
		{"auditd's log, others can write", audit, auditd(0, "0602", "path"), record.TrustNone},
		{"auditd's log of unknown mode", audit, auditd(0, "", "path"), record.TrustNone},
		{"auditd's log of no mode", audit, auditd(0, "rw-r-----", "path"), record.TrustNone},
		{"vouched for", audit, auditd(0, "0600", "vouched"), record.TrustKernel},
		{"vouched for by its owner", audit, auditd(1000, "0600", "vouched"), record.TrustKernel},
		{"vouched for, others can write", audit, auditd(0, "0622", "vouched"), record.TrustNone},
		{"of an unknown reason", audit, auditd(0, "0600", "x"), record.TrustLog},
		{"in a user's file, by path", audit, auditd(1000, "0600", "path"), record.TrustNone},
		{"audit lines elsewhere", audit, file(0, "0600"), record.TrustLog},
		{"audit lines in a user's file", audit, file(1000, "0600"), record.TrustNone},
		{"audit lines from a pipe", audit, &record.Source{Kind: "stdin", Path: "-", Mode: "0600"}, record.TrustNone},
		{"audit lines from nowhere", audit, nil, record.TrustNone},
		{"another host's", "node=h " + audit, auditd(0, "0600", "path"), record.TrustDaemon},
		{"another host's elsewhere", "node=h " + audit, file(0, "0600"), record.TrustLog},
		{"a syslog line in auditd's log", syslog, auditd(0, "0600", "path"), record.TrustLog},
		{"kern.log", syslog, file(0, "0640"), record.TrustLog},
		{"kern.log, RFC 5424", "<4>1 2026-05-26T19:47:43Z host kernel - - - " + nfText, file(0, "0640"), record.TrustLog},
		{"kern.log, group can write", syslog, file(0, "0660"), record.TrustNone},
		{"kern.log of the syslog daemon", syslog, file(104, "0640"), record.TrustLog},
		{"kern.log of a user", syslog, file(1000, "0640"), record.TrustNone},
		{"kern.log of nobody", syslog, file(65534, "0640"), record.TrustNone},
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
		if noEvent := tt.name == "an audit line in /dev/kmsg"; (err != nil) != noEvent || (res.Kind != Event) != noEvent {
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

// What a stranger can have put into a line that somebody else wrote, carrier by
// carrier: none of it has the kernel's trust.
func TestTrustOfStrangers(t *testing.T) {
	const (
		id      = "audit(1795447838.853:205): "
		forged  = "msg='" + dbus + " exe=\"/bin/x\" hostname=? addr=? terminal=?'"
		sender  = "pid=7 uid=0 auid=4294967295 ses=4294967295 subj=unconfined "
		packet  = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=5 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 "
		oom     = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,task_memcg=/user.slice/"
		product = "usb 1-1: Product: "
	)
	auditd := &record.Source{Kind: "file", Path: "/var/log/audit/audit.log", Mode: "0600", Audit: record.AuditPath}
	kmsg := &record.Source{Kind: "device", Path: "/dev/kmsg", Mode: "0644"}
	journal := func(transport, more, message string) string {
		text, _ := json.Marshal(message)
		return `{"_TRANSPORT":"` + transport + `","SYSLOG_FACILITY":"0",` + more + `"MESSAGE":` + string(text) + `}`
	}
	prefixes := []Prefix{{Text: "fw", Verdict: "drop"}}
	for _, tt := range []struct {
		name, line string
		src        *record.Source // nil: an entry of the journal
		most       record.Trust
		want       bool // an event
	}{
		{"a record of user space", "type=USER_AVC msg=" + id + sender + forged, auditd, record.TrustDaemon, true},
		{"the same by number", "type=UNKNOWN[1107] msg=" + id + sender + forged, auditd, record.TrustDaemon, true},
		{"the same of a host", "node=h type=USER_AVC msg=" + id + sender + forged, auditd, record.TrustDaemon, true},
		{"the same in the ring buffer", "5,1,2,-;audit: type=1107 " + id + sender + forged, kmsg, record.TrustDaemon, true},
		{"the same in the journal", journal("audit", `"_AUDIT_TYPE":"1107",`, "USER_AVC "+sender+forged), nil, record.TrustDaemon, true},
		{"the same from the kernel's log", journal("kernel", "", "audit: type=1107 "+id+sender+forged), nil, record.TrustDaemon, true},
		{"a journal entry with a kernel's word and a type of user space", journal("audit", `"_AUDIT_TYPE":"2500",`, "AVC "+aaBody), nil, record.TrustDaemon, true},
		{"a journal entry of two types", journal("audit", `"_AUDIT_TYPE":["1400","1107"],`, "AVC "+aaBody), nil, record.TrustDaemon, true},
		{"a denial in a record of user space", "type=USER_CMD msg=" + id + sender + "msg='" + aaBody + "'", auditd, record.TrustNone, false},
		{"a second type in one", "type=USER_CMD msg=" + id + "type=1503 " + aaBody, auditd, record.TrustNone, false},
		{"a packet in a record of user space", "5,1,2,-;audit: type=1112 " + id + sender + "msg='" + packet, kmsg, record.TrustNone, false},
		{"a cgroup's name", "6,1,2,-;" + oom + packet, kmsg, record.TrustLog, true},
		{"a cgroup's name in the journal", journal("kernel", "", oom+packet), nil, record.TrustLog, true},
		{"a cgroup's name with a known prefix in it", "6,1,2,-;" + oom + "[UFW BLOCK] " + packet, kmsg, record.TrustLog, true},
		{"a device's name", "6,1,2,-;" + product + packet, kmsg, record.TrustLog, true},
		{"a device's name with a newline", "6,1,2,-;" + product + "x\\x0a[UFW BLOCK] " + packet, kmsg, record.TrustLog, true},
		{"a process' name like a prefix of the site", "6,1,2,-;fw[7]: mounts " + packet, kmsg, record.TrustLog, true},
		{"a process' name like a prefix of the table", "6,1,2,-;[a-b-D][7]: mounts " + packet, kmsg, record.TrustLog, true},
		{"too long for a prefix", "6,1,2,-;fw" + strings.Repeat("x", 126) + packet, kmsg, record.TrustLog, true},
		{"a name that the line keeps apart", "type=AVC msg=" + id + `apparmor="DENIED" operation="open" class="file" profile="p" name="/` + aaBody, auditd, record.TrustNone, false},
	} {
		p := New(Config{Prefixes: prefixes})
		var ev record.Event
		var res Result
		if tt.src == nil {
			var e Entry
			res, _ = p.ParseJSON([]byte(tt.line), &e, &ev)
		} else {
			res, _ = p.Parse([]byte(tt.line), tt.src, &ev)
		}
		if ev.Trust > tt.most || (res.Kind == Event) != tt.want {
			t.Errorf("%s: trust %s, %+v", tt.name, ev.Trust, res)
		}
	}
	for _, prefix := range []string{"", "[UFW BLOCK] ", "fw", "fw in: ", "FINAL_REJECT: "} {
		var ev record.Event
		if _, err := New(Config{Prefixes: prefixes}).Parse([]byte("6,1,2,-;"+prefix+packet), kmsg, &ev); err != nil || ev.Trust != record.TrustKernel || ev.PrefixTrust != 0 {
			t.Errorf("%q: %v, trust %s", prefix, err, ev.Trust)
		}
	}
}

// A report of loss can be forged as well, and says so.
func TestTrustLoss(t *testing.T) {
	for _, tt := range []struct {
		line string
		src  *record.Source
		want record.Trust
	}{
		{"Nov 23 15:05:50 host kernel: audit: audit_lost=9 audit_rate_limit=0 audit_backlog_limit=64", &record.Source{Kind: "file", Path: "/var/log/kern.log", Mode: "0640"}, record.TrustLog},
		{"4,1,2,-;audit: audit_lost=9 audit_rate_limit=0 audit_backlog_limit=64", &record.Source{Kind: "device", Path: "/dev/kmsg", Mode: "0644"}, record.TrustKernel},
		{"audit: audit_lost=9 audit_rate_limit=0 audit_backlog_limit=64", nil, record.TrustNone},
	} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(tt.line), tt.src, &ev)
		if err != nil || res.Kind != Loss || res.Trust != tt.want {
			t.Errorf("%s: %+v, %v", tt.line, res, err)
		}
	}
}
