package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// kernelText writes a netfilter event as nf_log_syslog.c does, prefix included,
// without the blank at the end. It is the inverse of the parser for all that
// the kernel writes.
func kernelText(ev *record.Event) string {
	var b printer
	f := &ev.Fields
	b.text(f[record.FPrefix])
	b.always(f, "IN=", record.FIn)
	b.always(f, "OUT=", record.FOut)
	b.field(f, "PHYSIN=", record.FPhysin)
	b.field(f, "PHYSOUT=", record.FPhysout)
	b.field(f, "MAC=", record.FMac)
	b.field(f, "TUNNEL=", record.FTunnel)
	b.field(f, "MACSRC=", record.FMacsrc)
	b.field(f, "MACDST=", record.FMacdst)
	b.field(f, "VPROTO=", record.FVproto)
	b.field(f, "VID=", record.FVid)
	b.field(f, "MACPROTO=", record.FMacproto)
	if f[record.FHtype] != "" {
		b.text("ARP ")
		b.field(f, "HTYPE=", record.FHtype)
		b.field(f, "PTYPE=", record.FPtype)
		b.field(f, "OPCODE=", record.FOpcode)
		b.incomplete(f)
		b.field(f, "MACSRC=", record.FArpMacsrc)
		b.field(f, "IPSRC=", record.FIpsrc)
		b.field(f, "MACDST=", record.FArpMacdst)
		b.field(f, "IPDST=", record.FIpdst)
	}
	b.packet(f, ev.Inner)
	b.field(f, "UID=", record.FUID)
	b.field(f, "GID=", record.FGID)
	b.field(f, "MARK=", record.FMark)
	return strings.TrimRight(b.String(), " ")
}

// plain takes out of a message what its event does not keep: an empty hardware
// header, blanks at an end, Ubiquiti's spelling.
func plain(text string) string {
	text = strings.ReplaceAll(text, "MAC= ", "")
	text = strings.ReplaceAll(text, "URGn=", "URGP=")
	text = strings.ReplaceAll(text, " ]", "]")
	return strings.TrimRight(text, " \t\r")
}

type printer struct{ strings.Builder }

func (b *printer) text(s string) { b.WriteString(s) }

func (b *printer) always(f *record.Fields, key string, v record.Field) { b.text(key + f[v] + " ") }

func (b *printer) field(f *record.Fields, key string, v record.Field) {
	if f[v] != "" {
		b.always(f, key, v)
	}
}

func (b *printer) incomplete(f *record.Fields) {
	if f[record.FIncomplete] != "" {
		b.text("INCOMPLETE [" + f[record.FIncomplete] + " bytes] ")
	}
}

// packet writes from SRC= to before UID=.
func (b *printer) packet(f, inner *record.Fields) {
	b.field(f, "SRC=", record.FSrc)
	b.field(f, "DST=", record.FDst)
	b.field(f, "LEN=", record.FLen)
	b.field(f, "TOS=", record.FTos)
	b.field(f, "PREC=", record.FPrec)
	b.field(f, "TTL=", record.FTTL)
	b.field(f, "ID=", record.FID)
	b.field(f, "", record.FFrag)
	if f[record.FTc] == "" {
		b.field(f, "FRAG:", record.FFragOffset)
		if f[record.FExt] != "" {
			b.text("OPT (" + f[record.FExt] + ") ")
		}
	}
	b.field(f, "TC=", record.FTc)
	b.field(f, "HOPLIMIT=", record.FHoplimit)
	b.field(f, "FLOWLBL=", record.FFlowlbl)
	if f[record.FTc] != "" {
		b.field(f, "", record.FExt)
		if strings.Contains(f[record.FExt], "TRUNCATED") || strings.Contains(f[record.FExt], "INCOMPLETE [") {
			return // what Truncated and Incomplete say stands in the headers
		}
	}
	inExt := f[record.FTc] != "" && strings.Contains(f[record.FExt], "ESP")
	if !inExt {
		b.field(f, "PROTO=", record.FProto)
	}
	b.field(f, "SPT=", record.FSpt)
	b.field(f, "DPT=", record.FDpt)
	b.field(f, "LEN=", record.FUlen)
	b.field(f, "SEQ=", record.FSeq)
	b.field(f, "ACK=", record.FAck)
	b.field(f, "WINDOW=", record.FWindow)
	b.field(f, "RES=", record.FRes)
	b.field(f, "", record.FFlags)
	b.field(f, "URGP=", record.FUrgp)
	if f[record.FTCPOpt] != "" {
		b.text("OPT (" + f[record.FTCPOpt] + ") ")
	}
	if p := f[record.FProto]; (p == "AH" || p == "ESP") && !inExt {
		b.field(f, "SPI=", record.FSpi)
	}
	b.field(f, "TYPE=", record.FIcmpType)
	b.field(f, "CODE=", record.FIcmpCode)
	if f[record.FHtype] == "" {
		b.incomplete(f)
	}
	b.field(f, "ID=", record.FIcmpID)
	b.field(f, "SEQ=", record.FIcmpSeq)
	if f[record.FTc] == "" {
		b.field(f, "PARAMETER=", record.FPointer)
	} else {
		b.field(f, "POINTER=", record.FPointer)
	}
	b.field(f, "GATEWAY=", record.FGateway)
	if inner != nil {
		b.text("[")
		b.packet(inner, nil)
		b.text("] ")
	}
	b.field(f, "MTU=", record.FMtu)
	b.field(f, "", record.FTruncated)
}
