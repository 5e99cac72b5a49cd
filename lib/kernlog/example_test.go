package kernlog_test

import (
	"bytes"
	"fmt"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
)

func Example() {
	block := []byte("Nov 23 15:05:49 web1 sshd[7]: Connection closed by 203.0.113.7\n" +
		"Nov 23 15:05:50 web1 kernel: [12.5] [UFW BLOCK] IN=eth0 OUT= MAC= SRC=203.0.113.7 DST=192.0.2.1 LEN=40 " +
		"TOS=0x00 PREC=0x00 TTL=245 ID=1 PROTO=TCP SPT=8080 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 \n")

	p := kernlog.New(kernlog.Config{Year: 2026})
	var f kernlog.Finder
	f.Reset(block)
	for at := f.Next(0); at >= 0; {
		start := bytes.LastIndexByte(block[:at], '\n') + 1
		end := at + bytes.IndexByte(block[at:], '\n')
		var ev record.Event
		res, err := p.Parse(block[start:end], nil, &ev)
		if err == nil && res.Kind == kernlog.Event {
			fmt.Println(ev.Host, ev.Fields[record.FVerdict], ev.Fields[record.FSrc], ev.Fields[record.FDpt], ev.Trust)
		}
		at = f.Next(end)
	}
	// Output: web1 drop 203.0.113.7 22 none
}
