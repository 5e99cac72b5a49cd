package kernlog

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

const (
	aaBody = `apparmor="DENIED" operation="open" class="file" profile="p" name="/d/f" pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`
	aaText = `audit: type=1400 audit(1795447838.853:205): ` + aaBody
	nfText = `[UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=5 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 `
	aaTime = "2026-11-23T15:30:38.853Z"
	dbus   = `apparmor="DENIED" operation="dbus_method_call"  bus="session" name="org.x" path="/x" interface="org.x" member="M" mask="send" pid=3 label="p" peer_pid=4 peer_label="q"`
)

func TestCarriers(t *testing.T) {
	tests := []struct {
		line, carrier, host, time, audit string
		origin                           origin
	}{
		// auditd
		{`type=AVC msg=audit(1795447838.853:205): ` + aaBody, carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`node=web1 type=AVC msg=audit(1795447838.853:205): ` + aaBody, carrierAudit, "web1", aaTime, "1795447838.853:205", fromAudit},
		{`type=1400 msg=audit(1795447838.853:205): ` + aaBody, carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`type=UNKNOWN[1400] msg=audit(1795447838.853:205): ` + aaBody, carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`type=AVC msg=audit(1795447838.853:205): ` + aaBody + "\x1dFSUID=\"u\" OUID=\"root\"", carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`type=USER_AVC msg=audit(1795447838.853:205): pid=9 uid=102 auid=4294967295 ses=4294967295 subj=/usr/bin/dbus-daemon (enforce) msg='` + dbus + `  exe="/bin/dbus-daemon" sauid=102 hostname=? addr=? terminal=?'`, carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`type=USER_AVC msg=audit(1795447838.853:205): pid=9 uid=102 msg='` + dbus + `'` + "\x1dUID=\"messagebus\" AUID=\"unset\"", carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		{`type=APPARMOR_DENIED msg=audit(1795447838.853:205):  type=1503 ` + strings.TrimPrefix(aaBody, `apparmor="DENIED" `), carrierAudit, "", aaTime, "1795447838.853:205", fromAudit},
		// syslog, RFC 3164
		{`Nov  3 15:05:50 host kernel: [289763.843292] ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host kernel: [    1.480000] ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host kernel: [    1.480000][  T123] ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host kernel: ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host kernel:[    1.480000] ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host kernel: ` + strings.TrimPrefix(aaText, "audit: "), carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`<4>Nov 23 15:05:50 host kernel: ` + nfText, carrierSyslog, "host", "", "", fromKernel},
		{`Nov 23 15:05:50 mail.info kernel: ` + nfText, carrierSyslog, "mail.info", "", "", fromKernel},
		{`Nov 23 15:05:50 kernel: ` + nfText, carrierSyslog, "", "", "", fromKernel},
		{`Nov 23 15:05:50 OpenWrt kern.warn kernel: [   12.3] ` + nfText, carrierSyslog, "OpenWrt", "", "", fromKernel},
		{`Mon Nov 23 15:05:50 2026 kern.warn kernel: [   12.3] ` + nfText, carrierSyslog, "", "", "", fromKernel},
		{`2021-09-11T20:57:41.91645 kern.notice: [  469.180605] ` + aaText, carrierSyslog, "", aaTime, "1795447838.853:205", fromKernel},
		{`Nov 23 15:05:50 host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "", "", fromAudit},
		{`Nov 23 15:05:50 host audit[6209]: USER_AVC pid=6209 uid=102 msg='` + dbus + `'`, carrierSyslog, "host", "", "", fromAudit},
		{`Nov 23 15:05:50 host dbus[1692]: ` + dbus, carrierSyslog, "host", "", "", fromDBus},
		{`2026-02-11T17:49:21.719707+01:00 host dbus-daemon[3217]: ` + dbus, carrierSyslog, "host", "2026-02-11T17:49:21.719707+01:00", "", fromDBus},
		{`Nov 23 15:05:50 host audit: ` + strings.TrimPrefix(aaText, "audit: "), carrierSyslog, "host", aaTime, "1795447838.853:205", fromAudit},
		// journalctl -o short-full, short-unix, short-monotonic, short-delta
		{`Mon 2026-11-23 15:05:50 CET host kernel: ` + nfText, carrierSyslog, "host", "", "", fromKernel},
		{`Mon 2026-11-23 15:05:50 UTC host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "2026-11-23T15:05:50Z", "", fromAudit},
		{`Mon 2026-11-23 15:05:50 -03 host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "2026-11-23T15:05:50-03:00", "", fromAudit},
		{`Mon 2026-11-23 15:05:50 +0530 host kernel: ` + nfText, carrierSyslog, "host", "2026-11-23T15:05:50+05:30", "", fromKernel},
		{`1795547123.627605 host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "2026-11-24T19:05:23.627605Z", "", fromAudit},
		{`1795547123.627605 host kernel: ` + nfText, carrierSyslog, "host", "2026-11-24T19:05:23.627605Z", "", fromKernel},
		{`[14967.419288] host kernel: ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromKernel},
		{`[14967.419288] host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "", "", fromAudit},
		{`[14967.419288 <    0.283139 >] host audit[6209]: AVC ` + aaBody, carrierSyslog, "host", "", "", fromAudit},
		{`[14967.419288 <    0.283139*>] host dbus-daemon[9]: ` + dbus, carrierSyslog, "host", "", "", fromDBus},
		// ISO stamps
		{`2026-05-26T19:47:43.396634-04:00 host kernel: ` + nfText, carrierSyslog, "host", "2026-05-26T19:47:43.396634-04:00", "", fromKernel},
		{`2026-05-26T19:47:43.396634-0400 host kernel: ` + nfText, carrierSyslog, "host", "2026-05-26T19:47:43.396634-04:00", "", fromKernel},
		{`2026-05-26T19:47:43Z host kernel: ` + nfText, carrierSyslog, "host", "2026-05-26T19:47:43Z", "", fromKernel},
		{`2026-05-26 19:47:43+02:00 host kernel: ` + nfText, carrierSyslog, "host", "2026-05-26T19:47:43+02:00", "", fromKernel},
		{`2026-05-26T19:47:43 host kernel: ` + nfText, carrierSyslog, "host", "", "", fromKernel},
		// RFC 5424
		{`<4>1 2026-05-26T19:47:43Z host kernel - - - ` + nfText, carrierSyslog5, "host", "2026-05-26T19:47:43Z", "", fromKernel},
		{`<4>1 2026-05-26T19:47:43Z host kernel - - [x@1 a="]\"b"][y c="d"] ` + aaText, carrierSyslog5, "host", aaTime, "1795447838.853:205", fromKernel},
		{`<4>1 - - kernel - - - ` + "\ufeff" + nfText, carrierSyslog5, "", "", "", fromKernel},
		{`1 2026-05-26T19:47:43Z host kernel - - - [ 1.5] ` + nfText, carrierSyslog5, "host", "2026-05-26T19:47:43Z", "", fromKernel},
		// dmesg
		{`[  878.663410] ` + aaText, carrierDmesg, "", aaTime, "1795447838.853:205", fromKernel},
		{`<5>[  878.663410] ` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`<5>` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`[Mon Nov 23 15:05:50 2026] ` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`[Nov23 15:05] ` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`[  +0.000012] ` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`2026-11-23T15:05:50,123456+01:00 ` + nfText, carrierDmesg, "", "2026-11-23T15:05:50.123456+01:00", "", fromKernel},
		{`kern  :warn  : [  878.663410] ` + nfText, carrierDmesg, "", "", "", fromKernel},
		{`kern  :warn  : ` + nfText, carrierDmesg, "", "", "", fromKernel},
		// /dev/kmsg
		{`5,1234,878663410,-;` + aaText, carrierKmsg, "", aaTime, "1795447838.853:205", fromKernel},
		{`5,1234,878663410,-,caller=T1;` + nfText, carrierKmsg, "", "", "", fromKernel},
		// Proxmox
		{`100 6 tap100i0-IN 24/Sep/2026:10:00:00 +0200 policy DROP: IN=vmbr0 SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 DF PROTO=TCP SPT=1 DPT=2 SEQ=1 ACK=0 WINDOW=64240 SYN `, carrierPVE, "", "2026-09-24T10:00:00+02:00", "", fromPVE},
		// nothing but the message
		{aaText, carrierRaw, "", aaTime, "1795447838.853:205", fromNobody},
		{`type=1400 audit(1795447838.853:205): ` + aaBody, carrierRaw, "", aaTime, "1795447838.853:205", fromNobody},
		{`AVC ` + aaBody, carrierRaw, "", "", "", fromNobody},
		{nfText, carrierRaw, "", "", "", fromNobody},
		{dbus, carrierRaw, "", "", "", fromNobody},
		// other writers
		{`Nov 23 15:05:50 host kernelx: ` + nfText, carrierSyslog, "host", "", "", fromProgram},
		{`Nov 23 15:05:50 host kernel[1]: ` + nfText, carrierSyslog, "host", "", "", fromProgram},
		{`Nov 23 15:05:50 host root: ` + aaText, carrierSyslog, "host", aaTime, "1795447838.853:205", fromProgram},
		{`Nov 23 15:05:50 host audispd: node=h type=AVC msg=audit(1795447838.853:205): ` + aaBody, carrierSyslog, "host", aaTime, "1795447838.853:205", fromProgram},
		{`Nov 23 15:05:50 host ` + nfText, carrierSyslog, "host", "", "", fromProgram},
		{`<13>Nov 23 15:05:50 host kernel: ` + nfText, carrierSyslog, "host", "", "", fromProgram},
		{`<13>1 2026-05-26T19:47:43Z host kernel - - - ` + nfText, carrierSyslog5, "host", "2026-05-26T19:47:43Z", "", fromProgram},
		{`<12>[  878.663410] ` + nfText, carrierDmesg, "", "", "", fromProgram},
		{`12,1234,878663410,-;` + nfText, carrierKmsg, "", "", "", fromProgram},
		{`user  :warn  : [  878.663410] ` + nfText, carrierDmesg, "", "", "", fromProgram},
	}
	for _, tt := range tests {
		ev := event(t, tt.line)
		var h head
		if err := h.read(tt.line); err != nil {
			t.Fatal(err)
		}
		if ev.Carrier != tt.carrier || ev.Host != tt.host || ev.Time != tt.time || ev.Audit != tt.audit || h.origin != tt.origin {
			t.Errorf("carrier %q host %q time %q audit %q origin %d\nwant %q %q %q %q %d\n%s",
				ev.Carrier, ev.Host, ev.Time, ev.Audit, h.origin, tt.carrier, tt.host, tt.time, tt.audit, tt.origin, tt.line)
		}
		if ev.Count != 1 || ev.Trust != record.TrustNone || ev.Reason != reasonUnknown {
			t.Errorf("count %d, %s, %q: %s", ev.Count, ev.Trust, ev.Reason, tt.line)
		}
	}
}

// TestBothKinds: whatever carries them, a message of AppArmor and one of netfilter
// say what they say alone.
func TestBothKinds(t *testing.T) {
	alone := map[string]record.Event{aaText: event(t, aaText), nfText: event(t, nfText)}
	for _, tt := range []struct{ head, carrier string }{
		{"Nov  3 15:05:50 host kernel: [289763.843292] ", carrierSyslog},
		{"Nov 23 15:05:50 host kernel: [    1.480000] ", carrierSyslog},
		{"Nov 23 15:05:50 host kernel: ", carrierSyslog},
		{"<5>Nov 23 15:05:50 host kernel: ", carrierSyslog},
		{"2026-05-26T19:47:43.396634-04:00 host kernel: ", carrierSyslog},
		{"2026-05-26T19:47:43.396634-0400 host kernel: [ 1.5] ", carrierSyslog},
		{"<4>1 2026-05-26T19:47:43Z host kernel - - - ", carrierSyslog5},
		{`<4>1 2026-05-26T19:47:43Z host kernel - - [x@1 a="]\"b"] `, carrierSyslog5},
		{"[  878.663410] ", carrierDmesg},
		{"[  878.663410][  T123] ", carrierDmesg},
		{"<5>[ 878.66] ", carrierDmesg},
		{"<5>", carrierDmesg},
		{"[Mon Nov 23 15:05:50 2026] ", carrierDmesg},
		{"[Nov23 15:05] ", carrierDmesg},
		{"[  +0.000012] ", carrierDmesg},
		{"[  878.663410 <    0.000012>] ", carrierDmesg},
		{"<5>[  878.663410 <    0.000012>] ", carrierDmesg},
		{"[<    0.000012>] ", carrierDmesg},
		{"[Mon Nov 23 15:05:50 2026 <    0.000012>] ", carrierDmesg},
		{"[Mo Mär  3 15:05:50 2026] ", carrierDmesg}, // in another language
		{"[lun. nov. 23 15:05:50 2026 <    0.000012>] ", carrierDmesg},
		{"[Mär 3 15:05] ", carrierDmesg},
		{"kern  :warn  : [Mon Nov 23 15:05:50 2026] ", carrierDmesg},
		{"kern  :warn  : 2026-11-23T15:05:50,123456+01:00 ", carrierDmesg},
		{"Mon 2026-11-23 15:05:50 CET host kernel: ", carrierSyslog},
		{"1795547123.627605 host kernel: ", carrierSyslog},
		{"[14967.419288] host kernel: ", carrierSyslog},
		{"[14967.419288 <    0.283139 >] host kernel: ", carrierSyslog},
		{"2026-11-23T15:05:50,123456+01:00 ", carrierDmesg},
		{"kern  :warn  : [  878.663410] ", carrierDmesg},
		{"kern  :warn  : ", carrierDmesg},
		{"5,1234,878663410,-;", carrierKmsg},
		{"5,1234,878663410,-,caller=T1;", carrierKmsg},
		{"", carrierRaw},
	} {
		for msg, want := range alone {
			ev := event(t, tt.head+msg)
			if ev.Carrier != tt.carrier || ev.Kind != want.Kind || ev.Fields != want.Fields || ev.Audit != want.Audit {
				t.Errorf("carrier %q, %v, want %q, %v: %s", ev.Carrier, said(&ev.Fields), tt.carrier, said(&want.Fields), tt.head+msg)
			}
			entry := `{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","MESSAGE":"` + strings.ReplaceAll(msg, `"`, `\"`) + `"}`
			var e Entry
			if _, err := New(Config{}).ParseJSON([]byte(entry), &e, &ev); err != nil || ev.Carrier != carrierJournal || ev.Fields != want.Fields {
				t.Errorf("journal: %v, %q, %v", err, ev.Carrier, said(&ev.Fields))
			}
		}
	}
	for _, head := range []string{ // auditd has no packets
		"type=AVC msg=audit(1795447838.853:205): ", "type=1400 msg=audit(1795447838.853:205): ",
		"node=web1 type=AVC msg=audit(1795447838.853:205): ", "node=web1 type=UNKNOWN[1400] msg=audit(1795447838.853:205): ",
		"Nov 23 15:05:50 host audit[6209]: AVC ",
	} {
		if ev := event(t, head+aaBody+"\x1dFSUID=\"root\" OUID=\"root\""); ev.Fields != alone[aaText].Fields {
			t.Errorf("%v: %s", said(&ev.Fields), head)
		}
	}
}

// TestCarrierInText checks that a carrier further back in a line is text.
func TestCarrierInText(t *testing.T) {
	tests := []struct{ line, prefix string }{
		{`Nov 23 15:05:50 host logger: a#012Nov 23 15:05:50 host kernel: ` + nfText, `a#012Nov 23 15:05:50 host kernel: [UFW BLOCK] `},
		{`Nov 23 15:05:50 host kernel: Nov 23 15:05:50 host kernel: ` + nfText, `Nov 23 15:05:50 host kernel: [UFW BLOCK] `},
		{`[ 1.5] x audit: ` + nfText, `x audit: [UFW BLOCK] `},
		{`[ 1.5] x evil[1]: ` + nfText, `x evil[1]: [UFW BLOCK] `},
		{`[ 1.5] x: kernel: ` + nfText, `x: kernel: [UFW BLOCK] `},
	}
	for _, tt := range tests {
		ev := event(t, tt.line)
		if got := ev.Fields[record.FPrefix]; got != tt.prefix || ev.Fields[record.FVerdict] != verdictUnknown {
			t.Errorf("prefix %q, verdict %s\n%s", got, ev.Fields[record.FVerdict], tt.line)
		}
	}
	for _, line := range []string{
		`Nov 23 15:05:50 host logger: a#012Nov 23 15:05:50 host kernel: ` + aaText,
		`Nov 23 15:05:50 host kernel: usb 1-1: Product: ` + aaText,
		`type=SYSCALL msg=audit(1795447838.853:205): comm=` + aaBody,
		`type=AVC msg=audit(1795447838.853:205): avc:  denied  { read } comm="` + aaBody,
		`type=USER_LOGIN msg=audit(1795447838.853:205): pid=1 msg='` + aaBody + `'`,
		`Nov 23 15:05:50 host dbus[1]: said ` + aaBody,
		` SUBSYSTEM=` + aaBody,
		`Nov 23 15:05:50 host kernel: audit: type=1400 audit(1795447838.853:205): avc:  denied  { read } for name="OUT="`,
		`type=AVC msg=audit(05/26/2026 19:47:43.396:472) : avc:  denied  { read } for name="OUT="`,
		`type=USER_AVC msg=audit(1795447838.853:205): pid=1 uid=0 said OUT=`,
		`type=APPARMOR_OTHER msg=audit(1795447838.853:205): x`,
		`audit: type=1505000 audit(1795447838.853:205): x`,
	} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if res.Kind != Skip || (err != nil) != (messageIn(line) >= 0) {
			t.Errorf("Parse = %v, %v\n%s", res, err, line)
		}
	}
}

// TestBrokenCarriers are almost a carrier; they are read as bare messages, and
// what stands before IN= is a prefix then.
func TestBrokenCarriers(t *testing.T) {
	for _, head := range []string{
		"<", "<>", "<5", "<192>", "<0>] ", "<4>1 2026-05-26T19:47:43Z host kernel - - ", "<4>1 host kernel - - - ",
		"<4>1 2026-05-26T19:47:43Z host kernel - - [x ", "<4>1 2026-05-26T19:47:43Z  kernel - - - ",
		"[", "[ ] ", "[x] ", "[12] ", "[1.2", "[1.2][T", "[Mon Nov 23 15:05:50] ", "[Nov23 15] ",
		"[1.2 <3.4] ", "[1.2 3.4>] ", "[1.2 <>] ", "[<1.2> 3.4] ", "[a=3 15:05] ", "[3 15:05:50 2026] ",
		"[" + strings.Repeat("x", 40) + " 3 15:05] ",
		"5,1234,878663410;", "5,1234,878663410,- ;", "5,,,;", "12345,1,2,-;", "100 6 x 24/Sep/2026 ", "100 6 x 24/Sap/2026:10:00:00 +0200 ",
		"node=", "node=x ", "type=", "type=AVC ", "kern :warn : ", "kern  :loud  : ", "2026-05-26", "Nov 23 15:05:50",
	} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(head+nfText), nil, &ev)
		if err != nil || res.Kind != Event || ev.Trust != record.TrustNone {
			t.Errorf("Parse = %v, %v: %s", res, err, head+nfText)
		}
		if prefix := ev.Fields[record.FPrefix]; !strings.HasSuffix(head+"[UFW BLOCK] ", prefix) {
			t.Errorf("prefix %q of %q", prefix, head)
		}
	}
}

// TestSkipAllocatesNothing holds the path of the lines that are not ours.
func TestSkipAllocatesNothing(t *testing.T) {
	p, line := New(Config{}), []byte(benchLines["Skip"])
	var ev record.Event
	if n := testing.AllocsPerRun(100, func() { p.Parse(line, nil, &ev) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestGluedFileName(t *testing.T) {
	for _, line := range []string{
		"/var/log/kern.log:Nov 23 15:05:50 host kernel: " + nfText,
		"dmesg.txt:[  878.663410] " + nfText,
		"audit.log:type=AVC msg=audit(1795447838.853:205): " + aaBody,
		"syslog:Nov 23 15:05:50 host audit[1]: AVC " + aaBody,
		"    MESSAGE=AVC " + aaBody, // journalctl -o verbose
		"    MESSAGE=" + nfText,
		`	"MESSAGE" : "AVC ` + strings.ReplaceAll(aaBody, `"`, `\"`) + `",`, // json-pretty
		`{"log":"Nov 23 15:05:50 host kernel: ` + strings.ReplaceAll(aaText, `"`, `\"`) + `\n"}`,
		"kern.log:Nov 23 15:05:50 host kernel: " + aaText,
	} {
		var ev record.Event
		_, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if err == nil || !strings.HasPrefix(err.Error(), "text before the carrier") {
			t.Errorf("error %v: %s", err, line)
		}
	}
}

func TestKmsgEscapes(t *testing.T) {
	ev := event(t, `4,1,2,-;nl\x5cn \x0aFWL-y \xc3\xbc `+nfText)
	if got, want := ev.Fields[record.FPrefix], "nl\\n \nFWL-y ü [UFW BLOCK] "; got != want {
		t.Errorf("prefix %q, want %q", got, want)
	}
	for _, line := range []string{
		`4,1,2,-;a\x22b ` + nfText, // the kernel does not escape what can be printed
		`4,1,2,-;a\x4 ` + nfText,
		`4,1,2,-;a\n ` + nfText,
		`4,1,2,-;` + nfText + `\`,
	} {
		var ev record.Event
		if _, err := New(Config{}).Parse([]byte(line), nil, &ev); err == nil {
			t.Errorf("no error: %s", line)
		}
	}
}
