import type { PortRange } from "./ruleset";

/**
 * Service names that stand for ports where a listing was made without `-n`: `tcp dpt:http-alt` is 8080.
 *
 * The names are those of /etc/services (Debian 12, netbase 6.4), with the names of the IANA registry for ports that
 * containers are often published on, and the older names of Red Hat's `setup` package (`webcache`, `cslistener`).
 * A name that is not here stays unread: another host's /etc/services may say anything.
 */
const NAMES_BY_PORT = `
1 tcpmux rtmp;2 nbp;6 zip;7 echo;9 discard;11 systat;13 daytime;15 netstat;17 qotd;19 chargen;20 ftp-data;
21 ftp fsp;22 ssh;23 telnet;25 smtp;37 time;43 whois;49 tacacs;53 domain;67 bootps;68 bootpc;69 tftp;70 gopher;
79 finger;80 http www www-http;82 xfer;83 mit-ml-dev;88 kerberos;102 iso-tsap;104 acr-nema;106 poppassd;110 pop3;
111 sunrpc;113 auth;119 nntp;123 ntp;135 epmap;137 netbios-ns;138 netbios-dgm;139 netbios-ssn;143 imap2;161 snmp;
162 snmp-trap;163 cmip-man;164 cmip-agent;174 mailq;177 xdmcp;179 bgp;199 smux;209 qmtp;210 z3950;213 ipx;
319 ptp-event;320 ptp-general;345 pawserv;346 zserv;369 rpc2portmap;370 codaauth2;371 clearcase;389 ldap;427 svrloc;
443 https;444 snpp;445 microsoft-ds;464 kpasswd;465 submissions;487 saft;500 isakmp;512 exec biff;513 login who;
514 shell syslog;515 printer;517 talk;518 ntalk;520 route;538 gdomap;540 uucp;543 klogin;544 kshell;
546 dhcpv6-client;547 dhcpv6-server;548 afpovertcp;554 rtsp;563 nntps;587 submission;607 nqs;623 asf-rmcp;628 qmqp;
631 ipp;636 ldaps;646 ldp;655 tinc;706 silc;749 kerberos-adm;750 kerberos4;751 kerberos-master;752 passwd-server;
754 krb-prop;775 moira-db;777 moira-update multiling-http;779 moira-ureg;783 spamd;853 domain-s;871 supfilesrv;
873 rsync;888 cddbp accessbuilder;989 ftps-data;990 ftps;992 telnets;993 imaps;995 pop3s;1000 cadlock2;
1025 blackjack;1080 socks;1090 ff-fms;1093 proofd;1094 rootd;1099 rmiregistry;1127 supfiledbg;1178 skkserv;
1194 openvpn;1210 predict;1234 search-agent;1236 rmtcfg;1313 xtel;1314 xtelw;1337 menandmice-dns;1352 lotusnote;
1414 ibm-mqseries;1433 ms-sql-s;1434 ms-sql-m;1514 fujitsu-dtcns;1515 ifor-protocol;1521 ncube-lm oracle;
1524 ingreslock;1645 datametrics;1646 sa-msg-port;1649 kermit;1677 groupwise;1701 l2f l2tp;1723 pptp;1812 radius;
1813 radius-acct;1880 vsat-control;1883 ibm-mqisdp mqtt;1900 ssdp;1935 macromedia-fcs;2000 cisco-sccp;
2001 dc wizard;2020 xinupageserver;2021 servexec xinuexpansion1;2022 down xinuexpansion2;2025 ellpack xribs;
2049 nfs;2080 autodesk-nlm;2082 infowave;2083 radsec;2086 gnunet;2087 eli;2095 nbx-ser;2096 nbx-dir;2101 rtcm-sc104;
2102 zephyr-srv;2103 zephyr-clt;2104 zephyr-hm;2119 gsigatekeeper;2121 iprop scientia-ssdb;2135 gris;2181 eforward;
2202 imtc-map;2222 EtherNet/IP-1;2223 rockwell-csp2;2233 infocrypt;2281 lnvconsole;2283 lnvstatus;2323 3d-nfsd;
2342 manage-exec;2368 opentable;2375 docker;2376 docker-s;2377 swarm;2379 etcd-client;2380 etcd-server;
2401 cvspserver;2424 kofax-svr;2430 venus;2431 venus-se;2432 codasrv;2433 codasrv-se;2480 powerexchange;
2525 ms-v-worlds;2546 vytalvaultbrtp;2583 mon;2600 zebrasrv hpstgmgr;2601 zebra;2602 ripd;2603 ripngd;2604 ospfd;
2605 bgpd;2606 ospf6d;2607 ospfapi;2608 isisd;2628 dict;2746 cpudpencap;2792 f5-globalsite;2811 gsiftp;
2888 spcsdlobby;2947 gpsd;3000 hbci ppp remoteware-cl;3001 origo-native;3002 remoteware-srv;3003 cgms;
3004 csoftragent;3005 geniuslm;3006 ii-admin;3007 lotusmtap;3008 midnight-tech;3009 pxc-ntfy;3010 gw ping-pong;
3011 trusted-web;3012 twsdss;3020 cifs;3030 arepa-cas;3033 pdb;3050 gds-db gds_db;3080 stm_pproc;3090 stss;
3100 opcon-xps;3128 squid ndl-aas;3130 icpv2;3200 tick-port;3205 isns;3210 flamenco-proxy;3260 iscsi-target;
3268 msft-gc;3269 msft-gc-ssl;3300 ceph;3306 mysql;3307 opsession-prxy;3308 tns-server;3310 dyna-access;
3333 dec-notes;3389 ms-wbt-server;3456 vat;3478 stun-behavior;3479 twrpc;3493 nut;3500 rtmp-port;3579 ttat3lb;
3632 distcc;3689 daap;3690 svn;3838 sos;3888 ciphire-serv;3900 udt_os;4000 terabase;4001 newoak;4002 pxc-spvr-ft;
4003 pxc-splr-ft;4004 pxc-roid;4005 pxc-pin;4010 samsung-unidex;4031 suucp;4040 yo-main;4043 nirp;4050 cisco-wafs;
4080 lorica-in;4094 sysrqd;4100 igo-incognito;4123 z-wave;4180 httpx;4190 sieve;4317 opentelemetry;4321 rwhois;
4353 f5-iquery;4369 epmd;4373 remctl;4400 ds-srv;4430 rsqlserver;4433 vop;4443 pharos;4444 nv-video;4445 upnotifyp;
4460 ntske;4500 ipsec-nat-t;4545 worldscores;4557 fax;4559 hylafax;4567 tram;4569 iax;4646 dots-signal;4691 mtn;
4711 trinity-dist;4747 buschtrommel;4789 vxlan;4840 opcua-tcp opcua-udp;4848 appserv-http;4899 radmin-port;
4900 hfcs;4949 munin;5000 commplex-main;5001 commplex-link;5002 rfe;5003 fmpro-internal;5004 avt-profile-1;
5005 avt-profile-2;5006 wsm-server;5007 wsm-server-ssl;5008 synapsis-edge;5010 telelpathstart;5020 zenginkyo-1;
5044 lxi-evntsvc;5050 mmcc;5051 ita-agent;5055 unot;5060 sip;5061 sip-tls sips;5070 vtsas;5080 onscreen;
5081 sdl-ets;5085 encrypted-llrp;5100 socalia;5101 talarian-tcp talarian-udp;5134 ppactivation;5150 atmp;
5200 targus-getdata;5201 targus-getdata1;5222 xmpp-client;5223 hpvirtgrp;5228 hpvroom;5230 jaxflow-data;
5232 csedaemon;5234 eenet;5252 movaz-ssc;5269 xmpp-server;5280 xmpp-bosh;5300 hacl-hb;5308 cfengine;
5349 stun-behaviors;5350 pcp-multicast;5351 pcp;5353 mdns;5355 hostmon llmnr;5400 excerpt;5432 postgresql postgres;
5433 pyrrho;5434 sgi-arrayd;5443 spss;5500 fcp-addr-srvr1;5540 matter;5543 qftest-lic-mcp;5550 cbus;
5554 sgi-esphttp;5555 rplay personal-agent;5556 freeciv;5557 farenet;5566 westec-connect;5599 esinstall;
5600 esmmanager;5601 esmagent;5666 nrpe;5667 nsca;5671 amqps;5672 amqp;5678 rrac;5680 canna;5700 supportassist;
5722 msdfsr;5723 omhs;5757 x500ms;5900 rfb vnc-server;5903 ff-ice;5984 couchdb;5985 wsman;5986 wsmans;6000 x11;
6001 x11-1;6002 x11-2;6003 x11-3;6004 x11-4;6005 x11-5;6006 x11-6;6007 x11-7;6066 ewctsp;6070 messageasap;6080 gue;
6081 geneve;6100 synchronet-db;6123 backup-express;6200 lm-x;6343 sflow;6346 gnutella-svc;6347 gnutella-rtr;
6363 ndn;6379 redis;6382 metatude-mds;6389 clariion-evr01;6432 pgbouncer;6443 sun-sr-https;
6444 sge-qmaster sge_qmaster;6445 sge-execd;6446 mysql-proxy;6500 boks;6501 boks_servc;6510 mcer-port;
6514 syslog-tls;6543 lds-distrib;6550 fg-sysupdate;6556 checkmk-agent;6566 sane-port;6600 mshvlm;6653 openflow;
6667 ircd;6689 tsa;6690 cleverdetect;6696 babel;6697 ircs-u;6767 bmc-perf-agent;6768 bmc-perf-mgrd;6784 bfd-lag;
6789 radg;6831 ambit-lm;6868 acctopus-cc acctopus-st;6888 muse;6900 rtimeviewer;6969 acmsoda;
7000 bbs afs3-fileserver;7001 afs3-callback;7002 afs3-prserver;7003 afs3-vlserver;7004 afs3-kaserver;
7005 afs3-volser;7007 afs3-bos;7008 afs3-update;7009 afs3-rmtsys;7010 ups-onlinet;7025 vmsvc-2;7070 arcp;7071 iwg1;
7072 iba-cfg iba-cfg-disc;7080 empowerid;7100 font-service;7107 aes-x170;7171 drm-production;7200 fodms;
7272 watchme-7272;7280 itactionserver1;7400 rtps-discovery;7411 daqstream;7443 oracleas-https;7473 rise;7474 neo4j;
7500 silhouette;7575 wtmi-panel;7626 simco;7676 imqbrokerd;7680 ms-do;7687 bolt;7700 em7-secom;7744 raqmon-pdu;
7777 cbt;7778 interwise;7779 vstat;7800 asr;7801 ssp-client;7845 apc-7845;7870 rbt-smc;7878 owms;7880 pss;
7900 mevent;7979 micromuse-ncps;7999 irdmi2;8000 irdmi;8001 vcom-tunnel;8002 teradataordbms;8003 mcreport;
8004 p2pevolvenet;8005 mxi;8006 wpl-analytics wpl-disc;8007 warppipe;8009 nvme-disc;8015 cfg-cloud;8016 ads-s;
8017 cisco-cloudsec;8019 qbdb;8020 intu-ec-svcdisc;8021 zope-ftp intu-ec-client;8022 oa-system;8023 arca-api;
8025 ca-audit-da;8026 ca-audit-ds;8027 papachi-p2p-srv;8032 pro-ed;8033 mindprint;8034 vantronix-mgmt;8040 ampify;
8041 enguity-xccetp;8042 fs-agent;8043 fs-server;8044 fs-mgmt;8051 rocrail;8052 senomix01;8053 senomix02;
8054 senomix03;8055 senomix04;8056 senomix05;8057 senomix06;8058 senomix07;8059 senomix08;8060 aero;
8061 nikatron-dev;8066 toad-bi-appsrvr;8067 infi-async;8070 ucs-isc;8074 gadugadu;8080 http-alt webcache;
8081 tproxy sunproxyadmin;8082 us-cli;8083 us-srv;8084 websnp;8086 d-s-n;8087 simplifymedia;8088 omniorb radan-http;
8090 opsmessaging;8091 jamlink;8097 sac;8100 xprint-server;8101 ldoms-migr;8111 skynetflow;8118 privoxy;8140 puppet;
8148 isdd;8153 quantastor;8161 patrol-snmp;8181 intermapper;8182 vmware-fdm;8183 proremote;8184 itach;
8191 limnerpressure;8192 spytechphone;8200 trivnet1;8201 trivnet2;8202 aesop;8211 aruba-papi;8230 rexecj;
8232 hncp-dtls-port;8243 synapse-nhttps;8280 synapse-nhttp;8300 tmi;8301 amberon;8321 tnp;8383 m2mservices;
8384 marathontp;8400 cvd;8401 sabarsd;8403 admind;8404 svcloud;8405 svbackup;8442 cybro-a-bus;
8443 pcsync-https https-alt;8444 pcsync-http;8445 copy copy-disc;8450 npmp;8470 cisco-avp;8471 pim-port;8472 otv;
8500 fmtp;8501 cmtp-mgt cmtp-av;8502 ftnmtp;8503 lsp-self-ping;8554 rtsp-alt;8555 d-fence;8567 dof-tunnel;
8600 asterix;8610 canon-mfnp;8611 canon-bjnp1;8612 canon-bjnp2;8665 monetra;8666 monetra-admin;8686 sun-as-jmxrmi;
8688 openremote-ctrl;8711 nvc;8732 dtp-net;8733 ibus;8750 dey-keyneg;8763 mc-appserver;8764 openqueue;
8765 ultraseek-http;8766 amcs;8770 dpap;8778 uec;8786 msgclnt;8787 msgsrvr;8793 acd-pm;8800 sunwebadmin;8804 truecm;
8808 ssports-bcast;8873 dxspider;8880 cddbp-alt;8881 galaxy4d;8883 secure-mqtt;8888 ddi-tcp-1 ddi-udp-1;
8889 ddi-tcp-2 ddi-udp-2;8890 ddi-tcp-3 ddi-udp-3;8891 ddi-tcp-4 ddi-udp-4;8899 ospf-lite;8900 jmb-cds1;
8901 jmb-cds2;8908 dpp;8910 manyone-http;8911 manyone-xml;8912 wcbackup;8913 dragonfly;8937 twds;
8953 ub-dns-control;8954 cumulus-admin;8980 nod-provider;8981 nod-client;8989 sunwebadmins;
8990 clc-build-daemon http-wmap;8991 https-wmap;8997 oracle-ms-ens;8998 canto-roboflow;8999 bctp;9000 cslistener;
9001 etlservicemgr;9002 dynamid;9005 golem;9007 ogs-client;9008 ogs-server;9009 pichat;9010 sdr;9011 d-star;
9020 tambora;9021 panagolin-ident;9022 paragent;9023 swa-1;9024 swa-2;9025 swa-3;9026 swa-4;9050 versiera;
9051 fio-cmgmt;9060 CardWeb-IO CardWeb-RT;9080 glrpc;9081 cisco-aqos;9083 emc-pp-mgmtsvc;9084 aurora;
9086 net2display;9087 classic;9088 sqlexec;9089 sqlexec-ssl;9090 websm;9091 xmltec-xmlmail;9092 XmlIpcRegSvc;
9093 copycat;9098 xinetd;9100 jetdirect hp-pdl-datastr pdl-datastream;9101 bacula-dir;9102 bacula-fd;9103 bacula-sd;
9104 peerwire;9105 xadmin;9106 astergate astergate-disc;9107 astergatefax;9111 hexxorecore;9119 mxit;9122 grcmp;
9131 dddp;9160 apani1;9161 apani2;9162 apani3;9163 apani4;9164 apani5;9191 sun-as-jpda;9200 wap-wsp;
9201 wap-wsp-wtp;9202 wap-wsp-s;9203 wap-wsp-wtp-s;9204 wap-vcard;9205 wap-vcal;9206 wap-vcard-s;9207 wap-vcal-s;
9208 rjcdb-vcards;9210 oma-mlp;9211 oma-mlp-s;9216 acme;9217 fsc-port;9222 teamcoherence;9277 traingpsdata;
9278 pegasus;9280 pgps;9281 swtp-port1;9292 armtechdaemon;9294 armcenterhttp;9295 armcenterhttps;9300 vrace;
9306 sphinxql;9312 sphinxapi;9318 secure-ts;9321 guibase;9339 gnmi-gnoi;9340 gribi;9343 mpidcmgr;9344 mphlpdmc;
9345 rancher;9346 ctechlicensing;9374 fjdmimgr;9380 boxp;9387 d2dconfig;9389 adws;9396 fjinvmgr;9397 mpidcagt;
9400 sec-t4net-srv;9401 sec-t4net-clt;9402 sec-pc2fax-srv;9418 git;9443 tungsten-https;9444 wso2esb-console;
9445 mindarray-ca;9450 sntlkeyssrvr;9500 ismserver;9522 sma-spw;9535 mngsuite;9536 laes-bf;9555 trispen-sra;
9592 ldgateway;9593 cba8;9594 msgsys;9595 pds;9596 mercury-disc;9600 micromuse-ncpw;9612 streamcomm-ds;
9614 iadt-tls;9616 erunbook_agent;9617 erunbook_server;9618 condor;9628 odbcpathway;9632 mc-comm;9640 pqsflows;
9666 zoomcp;9667 xmms2;9668 tec5-sdctp;9673 zope;9694 client-wakeup;9695 ccnx;9700 board-roar;9747 l5nas-parchan;
9750 board-voip;9753 rasadv;9762 tungsten-http;9800 davsrc;9801 sstp-2;9802 davsrcs;9875 sapv1;9876 sd;9877 x510;
9878 kca-service;9888 cyborg-systems;9889 gt-proxy;9898 monkeycom;9899 sctp-tunneling;9900 iua;9901 enrp;
9903 multicast-ping;9909 domaintime;9911 sype-transport;9925 xybrid-cloud;9950 apc-9950;9951 apc-9951;9952 apc-9952;
9953 acis;9954 hinp;9955 alljoyn-stm alljoyn-mcm;9966 odnsp;9978 xybrid-rt;9979 visweather;9981 pumpkindb;
9987 dsm-scm-target;9988 nsesrvr;9990 osm-appsrvr;9991 osm-oev;9992 palace-1;9993 palace-2;9994 palace-3;
9995 palace-4;9996 palace-5;9997 palace-6;9998 distinct32;9999 distinct;10000 webmin ndmp;10001 scp-config;
10002 documentum;10003 documentum_s;10004 emcrmirccd;10005 emcrmird;10008 octopus;10009 swdtp-sv;10010 rxapi;
10020 abb-hw;10023 cefd-vmp;10050 zabbix-agent;10051 zabbix-trapper;10080 amanda;10081 kamanda;10082 amandaidx;
10083 amidxtape;10100 itap-ddtp;10110 nmea-0183;10125 cimple;10161 snmptls snmpdtls;
10162 snmptls-trap snmpdtls-trap;10200 trisoap;10252 apollo-relay;10253 eapol-relay;10260 axis-wimp-port;
10288 blocks;10439 bngsync;10443 cirrossp;10500 hip-nat-t;10540 MOS-lower;10800 gap;10805 lpdg;10809 nbd;
10810 nmc-disc;10860 helix;10880 bveapi;10933 octopustentacle;11000 irisa;11001 metasys;11095 weave;
11103 origo-sync;11104 netapp-icmgmt;11105 netapp-icdata;11106 sgi-lk;11108 myq-termlink;11109 sgi-dmfmgr;
11110 sgi-soap;11111 vce;11112 dicom;11161 suncacao-snmp;11162 suncacao-jmxmp;11163 suncacao-rmi;11164 suncacao-csa;
11165 suncacao-websvc;11171 snss;11174 oemcacao-rmi;11201 smsqp;11202 dcsl-backup;11208 wifree;11211 memcache;
11319 imip;11320 imip-channels;11321 arena-server;11367 atm-uhas;11371 hkp;11430 lsdp;11434 ollama;
11600 tempest-port;11623 emc-xsw-dconfig;11720 h323callsigalt;11723 emc-xsw-dcache;11751 intrepid-ssl;11876 xoraya;
11877 x2e-disc;11967 sysinfo-sp;12000 entextxid;12001 entextnetwk;12002 entexthigh;12003 entextmed;12004 entextlow;
12005 dbisamserver1;12006 dbisamserver2;12007 accuracer;12008 accuracer-dbms;12009 ghvpn;12010 edbsrvr;12012 vipera;
12013 vipera-ssl;12109 rets-ssl;12121 nupaper-ss;12168 cawas;12172 hivep;12300 linogridengine;12302 rads;
12321 warehouse-sss;12322 warehouse;12345 italk;12753 tsaf;12865 netperf;13160 i-zipqd;13216 bcslogc;13217 rs-pias;
13218 emc-vcas-tcp emc-vcas-udp;13223 powwow-client;13224 powwow-server;13400 doip-data doip-disc;13720 bprd;
13721 bpdbm;13722 bpjava-msvc;13724 vnetd;13782 bpcd;13783 vopied;13785 nbdb;13786 nomdb;13818 dsmcc-config;
13819 dsmcc-session;13820 dsmcc-passthru;13821 dsmcc-download;13822 dsmcc-ccp;13894 ucontrol;13929 dta-systems;
13930 medevolve;14000 scotty-ft;14001 sua;14002 scotty-disc;14033 sage-best-com1;14034 sage-best-com2;14141 vcs-app;
14142 icpp;14143 icpps;14145 gcm-app;14149 vrts-tdd;14154 vad;14250 cps;14414 ca-web-update;14500 xpra;
14936 hde-lcesrvr-1;14937 hde-lcesrvr-2;15000 hydap;15002 onep-tls;15118 v2g-secc;15345 xpilot;15363 3link;
15555 cisco-snat;15660 bex-xr;15740 ptp;15998 2ping;15999 programmar;16000 fmsas;16001 fmsascon;16002 gsms;
16003 alfin;16020 jwpc;16021 jwpc-bin;16161 sun-sea-port;16162 solaris-audit;16309 etb4j;16310 pduncs;16311 pdefmns;
16360 netserialext1;16361 netserialext2;16367 netserialext3;16368 netserialext4;16384 connected;16385 rdgs;
16619 xoms;16665 axon-tunnel;16666 vtp;16789 cadsisvr;16900 newbay-snc-mc;16950 sgcip;16991 intel-rci-mp;
16992 amt-soap-http;16993 amt-soap-https;16994 amt-redir-tcp;16995 amt-redir-tls;17001 sgi-cmsd;17002 sgi-crsd;
17003 sgi-gcd;17004 sgi-cad;17007 isode-dua;17184 vestasdlp;17185 soundsvirtual;17219 chipper;17220 avtp;
17221 avdecc;17222 cpsp;17223 isa100-gci;17224 trdp-pd;17225 trdp-md;17500 db-lsp db-lsp-disc;17555 ailith;17729 ea;
17754 zep;17755 zigbee-ip;17756 zigbee-ips;17777 sw-orion;18000 biimenu;18104 radpdf;18136 racf;18181 opsec-cvp;
18182 opsec-ufp;18183 opsec-sam;18184 opsec-lea;18185 opsec-omi;18186 ohsc;18187 opsec-ela;18241 checkpoint-rtm;
18242 iclid;18243 clusterxl;18262 gv-pf;18463 ac-cluster;18634 rds-ib;18635 rds-ip;18668 vdmmesh vdmmesh-disc;
18769 ique;18881 infotos;18888 apc-necmp;19000 igrid;19007 scintilla;19020 j-link;19191 opsec-uaa;
19194 ua-secureagent;19283 keysrvr;19315 keyshadow;19398 mtrgtrans;19410 hp-sco;19411 hp-sca;19412 hp-sessmon;
19539 fxuptp;19540 sxuptp;19541 jcp;19788 mle;19790 faircom-db;19998 iec-104-sec;19999 dnp-sec;20000 dnp;
20001 microsan;20002 commtact-http;20003 commtact-https;20005 openwebnet;20012 ss-idi-disc;20013 ss-idi;
20014 opendeploy;20034 nburn_id;20046 tmophl7mts;20048 mountd;20049 nfsrdma;20057 avesterra;20167 tolfab;
20202 ipdtp-port;20222 ipulse-ics;20480 emwavemsg;20670 track;20810 crtech-nlm;20999 athand-mmp;21000 irtrans;
21010 notezilla-lan;21212 trinket-agent;21213 cohesity-agent;21221 aigairserver;21553 rdm-tfs;21554 dfserver;
21590 vofr-gateway;21800 tvpm;21845 webphone;21846 netspeak-is;21847 netspeak-cs;21848 netspeak-acd;
21849 netspeak-cps;22000 snapenetio;22001 optocontrol;22002 optohost002;22003 optohost003;22004 optohost004;
22125 dcap;22128 gsidcap;22222 easyengine;22273 wnn6;22305 cis;22335 shrewd-control shrewd-stream;22343 cis-secure;
22347 wibukey;22350 codemeter;22351 codemeter-cmwan;22537 caldsoft-backup;22555 vocaltec-wconf vocaltec-phone;
22763 talikaserver;22800 aws-brf;22951 brf-gw;23000 inovaport1;23001 inovaport2;23002 inovaport3;23003 inovaport4;
23004 inovaport5;23005 inovaport6;23053 gntp;23272 s102;23294 5afe-dir 5afe-disc;23333 elxmgmt;23400 novar-dbase;
23401 novar-alarm;23402 novar-global;23456 aequus;23457 aequus-alt;23546 areaguard-neo;24000 med-ltp;
24001 med-fsp-rx;24002 med-fsp-tx;24003 med-supp;24004 med-ovw;24005 med-ci;24006 med-net-svc;24242 filesphere;
24249 vista-4gl;24321 ild;24322 hid;24323 vrmg-ip;24386 intel_rci;24465 tonidods;24554 binkp;
24577 bilobit bilobit-update;24666 sdtvwcam;24676 canditv;24677 flashfiler;24678 proactivate;24680 tcc-http;
24754 cslg;24850 assoc-disc;24922 find;25000 icl-twobase1;25001 icl-twobase2;25002 icl-twobase3;25003 icl-twobase4;
25004 icl-twobase5;25005 icl-twobase6;25006 icl-twobase7;25007 icl-twobase8;25008 icl-twobase9;25009 icl-twobase10;
25576 sauterdongle;25604 idtp;25793 vocaltec-hos;25900 tasp-net;25901 niobserver;25902 nilinkanalyst;25903 niprobe;
25954 bf-game;25955 bf-master;26000 quake;26208 wnn6-ds;26257 cockroach;26260 ezproxy;26261 ezmeeting;
26262 k3software-svr;26263 k3software-cli;26486 exoline-tcp exoline-udp;26487 exoconfig;26489 exonet;
27010 flex-lmadmin;27017 mongodb;27345 imagepump;27374 asp;27442 jesmsjc;27504 kopek-httphead;27782 ars-vista;
27876 astrolink;27999 tw-auth-key;28000 nxlmd;28001 pqsp;28119 a27-ran-ran;28200 voxelstorm;28240 siemensgsm;
28589 bosswave;29000 saltd-licensing;29167 otmp;29999 bingbang;30000 ndmps;30001 pago-services1;
30002 pago-services2;30003 amicon-fpsu-ra;30004 amicon-fpsu-s;30100 rwp;30260 kingdomsonline;30832 samsung-disc;
30865 csync2;31020 autotrac-acp;31029 yawn;31337 eldim;31400 pace-licensed;31416 xqosd;31457 tetrinet;31620 lm-mon;
31685 dsx_monitor;31765 gamesmith-port;31948 iceedcp_tx;31949 iceedcp_rx;32034 iracinghelper;32249 t1distproc60;
32400 plex;32483 apm-link;32635 sec-ntb-clnt;32636 DMExpress;32767 filenet-powsrm;32768 filenet-tms;
32769 filenet-rpc;32770 filenet-nch;32771 filenet-rmi;32772 filenet-pa;32773 filenet-cm;32774 filenet-re;
32775 filenet-pch;32776 filenet-peior;32777 filenet-obrok;32801 mlsn;32811 retp;32896 idmgratm;33060 mysqlx;
33123 aurora-balaena;33331 diamondport;33333 dgi-serv;33334 speedtrace speedtrace-disc;33434 traceroute;
33435 mtrace;33656 snip-slave;34249 turbonote-2;34378 p-net-local;34379 p-net-remote;34567 dhanalakshmi edi_service;
34962 profinet-rt;34963 profinet-rtm;34964 profinet-cm;34980 ethercat;35000 heathview;35001 rt-viewer;
35002 rt-sound;35003 rt-devicemapper;35004 rt-classmanager;35100 axio-disc;35354 kitim;
35355 altova-lm altova-lm-disc;35356 guttersnex;35357 openstack-id;36001 allpeers;36411 wlcp;36524 febooti-aw;
36602 observium-agent;36700 mapx;36865 kastenxpipe;37475 neckar;37483 gdrive-sync;37601 eftp;37654 unisys-eportal;
38000 ivs-database;38001 ivs-insertion;38002 cresco-control crescoctrl-disc;38201 galaxy7-data;38202 fairview;
38203 agpolicy;38638 psqlmws;38800 sruth;38865 secrmmsafecopya;39681 turbonote-1;40000 safetynetp;
40023 k-patentssensor;40404 sptx;40841 cscp;40842 csccredir;40843 csccfirewall;40853 ortec-disc;41111 fs-qos;
41121 tentacle;41230 z-wave-s;41794 crestron-cip;41795 crestron-ctp;41796 crestron-cips;41797 crestron-ctps;
42508 candp;42509 candrp;42510 caerpc;43000 recvr-rc recvr-rc-disc;43188 reachout;43189 ndm-agent-port;
43190 ip-provision;43191 noit-transport;43210 shaperai shaperai-disc;43439 eq3-update eq3-config;
43440 ew-mgmt ew-disc-cmd;43441 ciscocsdb;44123 z-wave-tunnel;44321 pmcd;44322 pmproxy;44323 pmwebapi;
44444 cognex-dataman;44445 acronis-backup;44544 domiq;44553 rbr-debug;44600 asihpi;44818 EtherNet/IP-2;
44900 m3da m3da-disc;45000 asmp asmp-mon;45001 asmps;45002 rs-status;45045 synctest;45054 invision-ag;
45514 cloudcheck cloudcheck-ping;45678 eba;45824 dai-shell;45825 qdb2service;45966 ssr-servermgr;46336 inedo;
46998 spremotetablet;46999 mediabox;47000 mbus;47100 jvl-mactalk;47557 dbbrowse;47624 directplaysrvr;47806 ap;
47808 bacnet;47809 presonus-ucnet;48000 nimcontroller;48001 nimspooler;48002 nimhub;48003 nimgtw;48004 nimbusdb;
48005 nimbusdbctrl;48048 juka;48049 3gpp-cbsp;48050 weandsf;48128 isnetserv;48129 blp5;48556 com-bardac-dw;
48619 iqobject;48653 robotraconteur;49000 matahari;49001 nusrp nusdp-disc;49150 inspider;51820 wireguard;
57000 dircproxy;60177 tfido;60179 fido;
`;

const PORTS: ReadonlyMap<string, number> = new Map(
	NAMES_BY_PORT.split(";").flatMap((entry) => {
		const [port, ...names] = entry.trim().split(" ");
		return names.map((name): [string, number] => [name, Number(port)]);
	}),
);

/** A port as a number or a service name; null for a name we do not know or a number that is no port. */
export function portOf(word: string): number | null {
	if (/^\d{1,5}$/.test(word)) return Number(word) <= 65535 ? Number(word) : null;
	return PORTS.get(word) ?? null;
}

/** `80`, `8000:8100`, `80,443,http-alt`, `:1023`; null when a name is not known. */
export function portRanges(text: string): readonly PortRange[] | null {
	const ranges: PortRange[] = [];
	for (const part of text.split(",")) {
		const [low = "", high] = part.split(":", 2);
		const from = low === "" && high !== undefined ? 0 : portOf(low);
		const to = high === undefined ? from : high === "" ? 65535 : portOf(high);
		if (from === null || to === null) return null;
		ranges.push({ from, to });
	}
	return ranges;
}
