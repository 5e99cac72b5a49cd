package kernlog

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// samples are values as the call-backs write them.
var samples = map[record.Field]string{
	record.FName: `name="/n"`, record.FInfo: `info="Failed name lookup - disconnected path" error=-13`, record.FTarget: `target="t"`,
	record.FRequestedMask: `requested_mask="w"`, record.FDeniedMask: `denied_mask="w"`, record.FRequested: `requested="x"`, record.FDenied: `denied="x"`,
	record.FFsuid: "fsuid=0", record.FOuid: "ouid=-1", record.FCapability: "capability=21 ", record.FCapname: `capname="sys_admin"`,
	record.FFamily: `family="unknown(45)"`, record.FSockType: `sock_type="unknown(9)"`, record.FProtocol: "protocol=0",
	record.FLaddr: "laddr=::1", record.FLport: "lport=1", record.FFaddr: "faddr=::2", record.FFport: "fport=2",
	record.FSaddr: "saddr=::1", record.FSport: "src=1", record.FDaddr: "daddr=::2", record.FDest: "dest=2",
	record.FPath: `path="/p"`, record.FAddr: "addr=none", record.FPeerAddr: `peer_addr="@x"`, record.FPeer: "peer=",
	record.FRlimit: "rlimit=nofile", record.FValue: "value=18446744073709551615", record.FFstype: `fstype="tmpfs"`, record.FSrcname: `srcname=""`,
	record.FFlags: `flags="rw"`, record.FOptions: `options="mode=0755"`, record.FSignal: "signal=unknown(70)", record.FTcontext: "tcontext=",
	record.FExecpath: `execpath="/bin/x"`, record.FBus: `bus="unknown"`, record.FMask: `mask="send"`, record.FInterface: `interface="i"`,
	record.FMember: `member="m"`, record.FPid: "pid=1", record.FPeerPid: "peer_pid=2", record.FPeerLabel: `peer_label=""`,
}

// TestCallbacks writes what each call-back may, in every combination of what it may
// leave out: the message is an event that says it. Without what is always there it
// was cut, and is none.
func TestCallbacks(t *testing.T) {
	events, cut := 0, 0
	for _, c := range callbacks {
		rows := rowsOf(c.rows)
		for set := range 1 << len(rows) {
			var body strings.Builder
			whole := true
			for i, r := range rows {
				if set&(1<<i) == 0 {
					whole = whole && r.need == unitary
					continue
				}
				for _, f := range r.fields {
					if sample := samples[f]; sample != "" {
						body.WriteString(" " + sample)
					} else {
						t.Fatalf("no sample of %s", f)
					}
				}
			}
			line := auditHead + `apparmor="DENIED" operation="` + operationOf(c.class) + `" class="` + c.class + `" profile="p" pid=1 comm="c"` + body.String()
			if c.class == classDBus {
				line = strings.Replace(strings.TrimPrefix(line, auditHead), ` pid=1 comm="c"`, "", 1)
				line = "Nov 23 15:05:50 host dbus-daemon[1]: " + strings.Replace(line, `profile="p"`, `label="p"`, 1)
			}
			var ev record.Event
			res, err := New(Config{}).Parse([]byte(line), nil, &ev)
			if whole != (err == nil && res.Kind == Event) {
				t.Errorf("%s: Parse = %v, %v, want an event: %v\n%s", c.where, res.Kind, err, whole, line)
			}
			if whole {
				events++
			} else {
				cut++
			}
		}
	}
	t.Logf("%d messages, %d that were cut", events, cut)
	if events < 1200 || cut < 1000 {
		t.Error("the table has lost rows")
	}
}

// rowsOf joins the eight addresses of a socket into one row: they are alike, and
// their combinations would be a million.
func rowsOf(all []row) (rows []row) {
	var addresses []record.Field
	for _, r := range all {
		switch f := r.fields[0]; {
		case f >= record.FLaddr && f <= record.FDest:
			addresses = append(addresses, f)
		case r.need == oneOf:
			rows = append(rows, row{always, r.fields[:1], r.when}) // the others have rows of their own, or tests
		case r.need == letters:
			rows = append(rows, row{always, append([]record.Field{record.FRequestedMask}, r.fields...), r.when})
		case r.fields[0] != record.FRequestedMask || all[1].need != letters:
			rows = append(rows, r)
		}
	}
	if addresses != nil {
		rows = append(rows, row{unitary, addresses, ""})
	}
	return rows
}

// operationOf returns an operation of a class that names it, and that its fields do
// not tell.
func operationOf(class string) string {
	if class == classFile {
		return "open"
	}
	return "x"
}

// TestAbsentFields are denials as kernels and daemons have written them, without what
// they may leave out: each is an event.
func TestAbsentFields(t *testing.T) {
	for _, tt := range []struct{ class, body string }{
		// net.c: what is asked for is allowed, and the socket closed all the same
		{classNet, `operation="file_inherit" class="net" profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="receive"`},
		{classNet, `operation="file_inherit" profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="send receive" addr=none peer_addr=none peer="q"`},
		{classNet, `operation="create" profile="p" pid=1 comm="c" family="inet" sock_type="dgram" protocol=0`},
		// ipc.c: nothing leads to the queue; audit_mqueue_cb puts no blank before class
		{classPosixMQ, `operation="getattr" class="posix_mqueue" info="Failed name lookup - disconnected IPC path" error=-13 profile="p" pid=1 comm="c" requested="getattr" denied="getattr"class="posix_mqueue" fsuid=0 ouid=0`},
		{classPosixMQ, `operation="open" class="posix_mqueue" profile="p" name="/q" pid=1 comm=6120class="posix_mqueue"`},
		{classSysvMQ, `operation="sysv_mqueue" class="unknown" profile="p" pid=1 comm="c" requested="write" denied="write" class="sysv_mqueue" fsuid=1 ouid=1`},
		{classSysvMQ, `operation="sysv_mqueue" profile="p" pid=1 comm="c" requested="write" denied="write"class="sysv_mqueue" fsuid=1 ouid=1 olabel="q"`},
		// a label that could not be printed
		{classSignal, `operation="signal" class="signal" profile="p" pid=1 comm="c" requested_mask="send" denied_mask="send" signal=exists peer=`},
		{classPtrace, `operation="ptrace" class="ptrace" profile="p" pid=1 comm="c" peer=`},
		{classFile, `operation="open" class="file" label= name="/f" pid=1 comm="c" requested_mask="r" denied_mask="r" fsuid=0 ouid=0`},
		// mount.c: a detached mount, and none
		{classMount, `operation="mount" class="mount" info="failed mntpnt match" error=-13 profile="p" name="/m/" pid=1 comm="c" flags="rw, move"`},
		{classMount, `operation="umount" class="mount" info="Failed name lookup - disconnected path" error=-13 profile="p" pid=1 comm="c"`},
		// lsm.c, do_setattr, and domain.c
		{classFile, `operation="setprocattr" info="current" error=-22 profile="p" pid=1 comm="c"`},
		{classFile, `operation="change_hat" info="failed token match" error=-1 profile="p" pid=1 comm="c"`},
		{classFile, `operation="connect" class="file" profile="p" name="/run/s" pid=1 comm="c"`},
		// af_unix.c: a rule could allow every letter, and a peer's policy refuse
		{classFile, `operation="connect" class="file" profile="p" name="/run/s" pid=1 comm="c" requested_mask="wr" fsuid=0 ouid=0`},
		{classNamespace, `operation="userns_create" class="namespace" info="Userns create restricted" error=-13 profile="p" pid=1 comm="c" requested="userns_create" denied="userns_create" target="unprivileged_userns" execpath="/bin/x"`},
	} {
		ev := event(t, auditHead+`apparmor="DENIED" `+tt.body)
		if got := ev.Fields[record.FClass]; got != tt.class {
			t.Errorf("class %q, want %q: %s", got, tt.class, tt.body)
		}
	}
}

// TestClassFromFields: before Linux 6.2 the operation alone does not tell a socket
// from a file.
func TestClassFromFields(t *testing.T) {
	const file = ` profile="p" name="/run/s" pid=1 comm="c" requested_mask="w" denied_mask="w" fsuid=0 ouid=0`
	const socket = ` profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="send" denied_mask="send"`
	for _, operation := range []string{
		"connect", "sendmsg", "recvmsg", "bind", "listen", "accept", "getsockname", "getpeername", "getsockopt", "setsockopt", "socket_shutdown",
		"create", "file_perm", "file_inherit", "file_receive", "open", "getattr", "yet to come",
	} {
		for class, body := range map[string]string{classFile: file, classNet: socket} {
			ev := event(t, auditHead+`apparmor="DENIED" operation="`+operation+`"`+body)
			if got := ev.Fields[record.FClass]; got != class {
				t.Errorf("%s: class %q, want %q", operation, got, class)
			}
		}
	}
}
