package kernlog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

const auditHead = `audit: type=1400 audit(1795447838.853:205): `

// TestAppArmorMessages reads messages that no corpus has, or that are hostile.
func TestAppArmorMessages(t *testing.T) {
	tests := []struct {
		name, body string
		want       says
	}{
		{"killed", `apparmor="KILLED" operation="open" class="file" profile="p" name="/f" pid=1 comm="c" requested_mask="w" denied_mask="w" fsuid=1000 ouid=0`, says{
			"verdict": "KILLED", "operation": "open", "class": "file", "profile": "p", "name": "/f", "pid": "1", "comm": "c",
			"requested_mask": "w", "denied_mask": "w", "fsuid": "1000", "ouid": "0",
		}},
		{"stack as label", `apparmor="DENIED" operation="change_profile" class="file" info="no new privs" error=-1 label="A//&B//C" name="q" pid=1 comm="c" target="q"`, says{
			"verdict": "DENIED", "operation": "change_profile", "class": "file", "info": "no new privs", "error": "-1",
			"label": "A//&B//C", "profile": "A//&B//C", "name": "q", "pid": "1", "comm": "c", "target": "q",
		}},
		{"setrlimit", `apparmor="DENIED" operation="setrlimit" class="rlimits" profile="p" pid=1 comm="c" rlimit=nofile value=18446744073709551615`, says{
			"verdict": "DENIED", "operation": "setrlimit", "class": "rlimits", "profile": "p", "pid": "1", "comm": "c",
			"rlimit": "nofile", "value": "18446744073709551615",
		}},
		{"setrlimit of another, class not named", `apparmor="DENIED" operation="setrlimit" profile="p" pid=1 comm="c" rlimit=cpu value=4096 peer="q"`, says{
			"verdict": "DENIED", "operation": "setrlimit", "class": "rlimits", "profile": "p", "pid": "1", "comm": "c",
			"rlimit": "cpu", "value": "4096", "peer": "q",
		}},
		{"profile reload", `apparmor="STATUS" operation="profile_replace" info="same as current profile, skipping" profile="unconfined" name="/usr/bin/man" pid=1 comm="apparmor_parser"`, says{
			"verdict": "STATUS", "operation": "profile_replace", "info": "same as current profile, skipping",
			"profile": "unconfined", "name": "/usr/bin/man", "pid": "1", "comm": "apparmor_parser",
		}},
		{"the kernel writes the name twice", `apparmor="STATUS" operation="profile_load" info="failed to unpack profile" error=-71 profile="unconfined" name="x" pid=1 comm="apparmor_parser" ns="n" name="x" offset=151`, says{
			"verdict": "STATUS", "operation": "profile_load", "info": "failed to unpack profile", "error": "-71",
			"profile": "unconfined", "name": "x", "pid": "1", "comm": "apparmor_parser", "namespace": "n",
		}},
		{"a name that reads like fields", `apparmor="DENIED" operation="open" class="file" profile="p" name=2F78222070726F66696C653D2265222064656E6965645F6D61736B3D227277787722 pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "p", "name": `/x" profile="e" denied_mask="rwxw"`,
			"pid": "1", "comm": "c", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"key=value inside quotes", `apparmor="DENIED" operation="open" class="file" profile="p" name="/x,profile=e}fsuid=9" pid=1 comm="ouid=7" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "p", "name": `/x,profile=e}fsuid=9`,
			"pid": "1", "comm": "ouid=7", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"a name of hex digits in quotes", `apparmor="DENIED" operation="open" class="file" profile="p" name="DEADBEEF" pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "p", "name": "DEADBEEF",
			"pid": "1", "comm": "c", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"escape sequence and bytes that are no UTF-8", `apparmor="DENIED" operation="open" class="file" profile="p" name=2F1B5B33316DFF00 pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "p", "name": "/\x1b[31m\xff\x00",
			"pid": "1", "comm": "c", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"disconnected, no name", `apparmor="DENIED" operation="file_perm" class="file" info="Failed name lookup - disconnected path" error=-13 profile="p" pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "file_perm", "class": "file", "info": "Failed name lookup - disconnected path", "error": "-13",
			"profile": "p", "pid": "1", "comm": "c", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"socket under file_perm", `apparmor="DENIED" operation="file_perm" profile="p" pid=1 comm="c" laddr=::1 lport=80 faddr=::1 fport=9 netif=eth"0 family="inet6" sock_type="stream" protocol=6 requested_mask="receive" denied_mask="receive"`, says{
			"verdict": "DENIED", "operation": "file_perm", "class": "net", "profile": "p", "pid": "1", "comm": "c", "laddr": "::1", "lport": "80",
			"faddr": "::1", "fport": "9", "family": "inet6", "sock_type": "stream", "protocol": "6", "requested_mask": "receive", "denied_mask": "receive",
		}},
		{"unix, unnamed and abstract", `apparmor="DENIED" operation="connect" class="net" profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested="send" denied="send" addr=none peer_addr="@2F746D7000" peer="q//&:ns:r"`, says{
			"verdict": "DENIED", "operation": "connect", "class": "net", "profile": "p", "pid": "1", "comm": "c", "family": "unix", "sock_type": "stream",
			"protocol": "0", "requested": "send", "denied": "send", "addr": "none", "peer_addr": "@/tmp\x00", "peer": "q//&:ns:r",
		}},
		{"a label that could not be printed", `apparmor="DENIED" operation="ptrace" class="ptrace" profile="p" pid=1 comm="c" requested_mask="read" denied_mask="read" peer=`, says{
			"verdict": "DENIED", "operation": "ptrace", "class": "ptrace", "profile": "p", "pid": "1", "comm": "c", "requested_mask": "read", "denied_mask": "read",
		}},
		{"mqueue", `apparmor="DENIED" operation="open" profile="p" name="/q" pid=1 comm="c" requested="read create" denied="read" class="posix_mqueue" fsuid=0 ouid=0`, says{
			"verdict": "DENIED", "operation": "open", "class": "posix_mqueue", "profile": "p", "name": "/q", "pid": "1", "comm": "c",
			"requested": "read create", "denied": "read", "fsuid": "0", "ouid": "0",
		}},
		{"keys that are not known", `apparmor="DENIED" operation="capable" class="cap" future="x" profile="p" pid=1 comm="c" capability=24  capname="sys_resource" later=1`, says{
			"verdict": "DENIED", "operation": "capable", "class": "cap", "profile": "p", "pid": "1", "comm": "c", "capability": "24", "capname": "sys_resource",
		}},
		{"pivot_root", `apparmor="DENIED" operation="pivotroot" class="mount" profile="p" name="/new/" pid=1 comm="c" srcname=2F6E65772F6F6C64202F trans="t"`, says{
			"verdict": "DENIED", "operation": "pivotroot", "class": "mount", "profile": "p", "name": "/new/", "pid": "1", "comm": "c", "srcname": "/new/old /",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev := event(t, auditHead+tt.body)
			if d := cmp.Diff(tt.want, said(&ev.Fields)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestBusMessages(t *testing.T) {
	want := says{
		"verdict": "DENIED", "operation": "dbus_method_call", "class": "dbus", "bus": "session", "name": "org.x", "path": "/x",
		"interface": "org.x", "member": "M", "mask": "send", "pid": "3", "label": "p", "profile": "p", "peer_pid": "4", "peer_label": "q",
	}
	ev := event(t, `Nov 23 15:05:50 host dbus[1692]: `+dbus)
	if d := cmp.Diff(want, said(&ev.Fields)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	ev = event(t, `type=USER_AVC msg=audit(1.000:2): pid=9 uid=102 subj=x msg='`+dbus+` exe=2F612062 sauid=102 hostname=? addr=? terminal=?'`+"\x1dUID=\"m\"")
	want["exe"] = "/a b"
	if d := cmp.Diff(want, said(&ev.Fields)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	// A value that is not quoted is no hex in what a bus daemon writes itself.
	var ev2 record.Event
	if _, err := New(Config{}).Parse([]byte(`Nov 23 15:05:50 host dbus[1]: `+strings.Replace(dbus, `label="p"`, "label=4142", 1)), nil, &ev2); err == nil {
		t.Error("a bus daemon's hex was taken")
	}
}

// TestAppArmorErrors: a line that claims to be ours and is not well formed is an
// error that says what and where, and leaves no event.
func TestAppArmorErrors(t *testing.T) {
	good := aaBody
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s in the line", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	tests := []struct{ body, want string }{
		{change(`name="/d/f"`, `name="/d/f`), "no blank after the value of name"},
		{change(`ouid=0`, `ouid="0`), "without its closing quote"},
		{change(`name="/d/f"`, `name="/d/f"x`), "no blank after"},
		{change(`name="/d/f"`, `name="/d f"`), "not how name is written"},
		{change(`name="/d/f"`, "name=\"/d\xc3\xa9\""), "not how name is written"},
		{change(`name="/d/f"`, "name=\"/d\nf\""), "not how name is written"},
		{change(`name="/d/f"`, `name=2f64`), "not how name is written"},
		{change(`name="/d/f"`, `name=2F6`), "not how name is written"},
		{change(`name="/d/f"`, `name=/d/f`), "not how name is written"},
		{change(`name="/d/f"`, `name="/d/f" name="/d/g"`), "a second name"},
		{change(`name="/d/f"`, `name="" name="/d/g"`), "a second name"},
		{change(`profile="p"`, `profile="p" profile="q"`), "a second profile"},
		{change(`fsuid=0`, `fsuid="0"`), "not how fsuid is written"},
		{change(`fsuid=0`, `fsuid=0x0`), "not how fsuid is written"},
		{change(`pid=1`, `pid=`), "not how pid is written"},
		{change(`operation="open"`, `operation=open`), "not how operation is written"},
		{change(`class="file"`, `class="fiel"`), `an unknown class: "fiel"`},
		{change(` class="file"`, ``) + ` operation="open"`, ""},
		{strings.Replace(change(` class="file"`, ``), `"open"`, `"opne"`, 1), ""}, // the fields are a file's
		{`apparmor="DENIED" operation="opne" profile="p" name="/f" pid=1 comm="c"`, `an unknown operation: "opne"`},
		{change(`"DENIED"`, `"DENIES"`), `an unknown verdict: "DENIES"`},
		{change(`apparmor="DENIED"`, `apparmor=`), "not how apparmor is written"},
		{change(` denied_mask="r"`, ``), ""},
		{change(` requested_mask="r" denied_mask="r"`, ``), "no mask"},
		{change(` requested_mask="r"`, ``), ""},
		{change(` name="/d/f"`, ``), "no name"},
		{change(` profile="p"`, ``), "no profile"},
		{change(` fsuid=0 ouid=0`, ``), "no fsuid"},
		{change(` ouid=0`, ``), "no ouid"},
		{change(` requested_mask="r" denied_mask="r" fsuid=0 ouid=0`, ``), "no mask"},
		{change(`name="/d/f"`, `name=`), "not how name is written"},
		{change(` fsuid=0`, ` fsuid`), "no key=value"},
		{change(` fsuid=0`, ` =0`), "no key=value"},
		{`apparmor="DENIED" operation="capable" class="cap" profile="p" pid=1 comm="c" capability=24  capname="sys_admin"`, `capability 24 is not "sys_admin"`},
		{`apparmor="DENIED" operation="capable" class="cap" profile="p" pid=1 comm="c" capability=41  capname="x"`, `an unknown capability: "41"`},
		{`apparmor="DENIED" operation="capable" class="cap" profile="p" pid=1 comm="c" capability=24`, "no capname"},
		{`apparmor="DENIED" operation="signal" class="signal" profile="p" pid=1 comm="c" requested_mask="send" denied_mask="send" signal=term`, "no peer"},
		{`apparmor="DENIED" operation="create" class="net" profile="p" pid=1 comm="c" family="inet" protocol=0`, "no sock_type"},
		{`apparmor="DENIED" operation="setrlimit" class="rlimits" profile="p" pid=1 comm="c" rlimit=nofile`, "no value"},
		{`apparmor="DENIED" operation="open" class="posix_mqueue" profile="p" pid=1 comm="c" requested="read" denied="read" fsuid=0`, "no ouid"},
		{`apparmor="DENIED" operation="uring_sqpoll" class="io_uring" profile="p" pid=1 comm="c"`, "no requested"},
		{`apparmor="DENIED" operation="umount" class="mount" profile="p" pid=1 comm="c"`, "no name"},
		{`apparmor="DENIED" operation="change_profile" profile="p" pid=1 comm="c"`, "no name"},
		{`apparmor="DENIED" operation="userns_create" class="namespace" profile="p" pid=1 comm="c"`, "no requested"},
	}
	for _, tt := range tests {
		var ev record.Event
		line := auditHead + tt.body
		res, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%v: %s", err, line)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want %s: %s", err, tt.want, line)
		}
		if ev != (record.Event{}) || res != (Result{}) {
			t.Errorf("half an event: %s", line)
		}
	}
}

// TestAuditErrors are those of the record's head.
func TestAuditErrors(t *testing.T) {
	for _, line := range []string{
		`audit: type=1400 audit(179544783.853): ` + aaBody,
		`audit: type=1400 audit(1795447838.85:205): ` + aaBody,
		`audit: type=1400 audit(1795447838.853:): ` + aaBody,
		`audit: type=1400 audit(9999999999999.853:1): ` + aaBody,
		`audit: type=1400 audit(1795447838.853:205) ` + aaBody,
		`audit: type=1400 audit(` + aaBody,
		`audit: type=1300 audit(1795447838.853:205): ` + aaBody,
		`type=AVC msg=audit(05/26/2026 19:47:43.396:472) : ` + aaBody,
		`type=APPARMOR_DENIED msg=audit(1795447838.853:205): type=1502 ` + aaBody,
		`type=APPARMOR_DENIED msg=audit(1795447838.853:205): type=1502 operation="capable" name="setuid" pid=3593 profile="/bin/ping"`,
		`audit: type=1502 audit(1795447838.853:205): ` + aaBody,
		`type=USER_AVC msg=audit(1.000:2): pid=1 msg='` + aaBody + `'`, // class file from user space
		`type=USER_AVC msg=audit(1.000:2): pid=1 msg='` + dbus + `'x`,
		`Nov 23 15:05:50 host dbus[1]: ` + aaBody,
		`Nov 23 15:05:50 host kernel: ` + aaBody,
	} {
		var ev record.Event
		res, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if err == nil || res != (Result{}) || ev != (record.Event{}) {
			t.Errorf("Parse = %+v, %v: %s", res, err, line)
		}
	}
}

// TestCutLines cuts a line at every byte: what is left is an error, or nothing
// of ours, or the whole message; but for a number that the cut shortens it is
// never another event.
func TestCutLines(t *testing.T) {
	lines := []string{auditHead + aaBody, "type=AVC msg=audit(1795447838.853:205): " + aaBody}
	for _, line := range lines {
		for n := range len(line) {
			var ev record.Event
			if res, err := New(Config{}).Parse([]byte(line[:n]), nil, &ev); res.Kind != Skip {
				t.Errorf("Parse = %+v, %v: %s", res, err, line[:n])
			}
		}
	}
	whole := event(t, nfText)
	for n := range len(nfText) {
		var ev record.Event
		res, _ := New(Config{}).Parse([]byte(nfText[:n]), nil, &ev)
		if res.Kind == Event && !strings.HasPrefix(whole.Fields[record.FUrgp], ev.Fields[record.FUrgp]) {
			t.Errorf("an event of %s", nfText[:n])
		}
	}
}

func TestErrorIsBounded(t *testing.T) {
	for _, part := range []string{"x", "\x1b", "\xff", "é"} {
		line := auditHead + strings.Replace(aaBody, "/d/f", strings.Repeat(part, 50000), 1) + ` "`
		var ev record.Event
		_, err := New(Config{}).Parse([]byte(line), nil, &ev)
		if err == nil || len(err.Error()) > 400 {
			t.Errorf("error of %d bytes", len(err.Error()))
		}
	}
}
