/* The kinds of sheets and their headings. Where the headings come from: the ledgers that offices really keep. */
#include "base/cleanup.h"
#include "import/sheet.h"
#include "import/sheet_parts.h"

/* What is about a person and has no place in the ledger; it is not read, and told so. */
#define PRIVATE_HEADINGS \
    "身份证|身份证号|身份证号码|公民身份号码|证件号码|电话|手机|手机号|手机号码|联系电话|联系方式|电话号码|家庭住址|住址|地址|通讯地址|民族|籍贯|出生地|出生日期|" \
    "出生年月|idnumber|idcard|phone|telephone|mobile|address|homeaddress|birthdate|dateofbirth|ethnicity"
#define IGNORED_HEADINGS "序号|编号序号|行号|no|#|row|rownumber|whyrefused|未导入原因"

#define COMMON_COLUMNS                                                                                                 \
    {COL_PRIVATE, "private", 0, PRIVATE_HEADINGS}, {COL_IGNORED, "-", 0, IGNORED_HEADINGS},                            \
        {COL_NOTE, "note", 0, "备注|说明|note|notes|remark|remarks|comment"}

static const struct column_spec units[] = {
    {COL_UNIT, "unit", 0, "单位编号|单位代码|企业编号|组织编号|编号|代码|统一社会信用代码|unit|unitid|id|code"},
    {COL_UNIT_NAME, "name", SHEET_NEEDED, "单位名称|企业名称|组织名称|社会组织名称|名称|单位|name|unitname"},
    {COL_SECTOR, "sector", SHEET_NEEDED, "类别|类型|单位类别|单位类型|单位性质|性质|sector|type|category"},
    {COL_AREA, "area", 0, "区划代码|行政区划|区划|行政区划代码|所属区划|area|areacode|region"},
    {COL_STAFF, "staff", 0, "职工人数|职工数|从业人数|从业人员|员工人数|员工数|人数|staff|employees|headcount"},
    {COL_ELIGIBLE, "eligible", 0, "应建|应建党组织|符合组建条件|具备组建条件|eligible"},
    {COL_ABOVE_SCALE, "above_scale", 0, "规上|规模以上|规上企业|是否规上|是否规模以上|abovescale"},
    {COL_AT, "at", SHEET_NEEDED | SHEET_VARIES, "成立日期|成立时间|登记日期|登记时间|注册日期|注册时间|纳入日期|at|date|registered|registeredon|founded"},
    {COL_CLOSED_ON, "closed_on", SHEET_VARIES, "注销日期|注销时间|关闭日期|撤销日期|撤销时间|closed|closedon"},
    {COL_REASON, "reason", 0, "注销原因|关闭原因|撤销原因|reason|closereason"},
    COMMON_COLUMNS,
};

static const struct column_spec branches[] = {
    {COL_BRANCH, "branch", 0, "支部编号|党支部编号|党组织编号|组织编号|党组织代码|支部代码|编号|代码|branch|branchid|id|code"},
    {COL_BRANCH_NAME, "name", SHEET_NEEDED, "支部名称|党支部名称|党组织名称|组织名称|党支部|支部|名称|name|branchname"},
    {COL_FORM, "form", SHEET_NEEDED, "组建方式|组建形式|类型|支部类型|党组织类型|设置形式|form|type"},
    {COL_SECTOR, "sector", SHEET_NEEDED, "类别|领域|单位类别|支部类别|sector|category"},
    {COL_AREA, "area", 0, "区划代码|行政区划|区划|行政区划代码|所属区划|area|areacode|region"},
    {COL_UNITS, "units", 0, "覆盖单位|所覆盖单位|覆盖单位编号|所在单位|依托单位|units|coveredunits|unit"},
    {COL_COMMITTEE, "committee", 0, "设支委会|支委会|是否设支委会|设立支委会|支部委员会|committee|hascommittee"},
    {COL_GROUPS, "groups", 0, "党小组数|党小组|小组数|党小组数量|groups|groupcount"},
    {COL_AT, "at", SHEET_NEEDED | SHEET_VARIES, "成立日期|成立时间|建立日期|组建日期|组建时间|at|date|founded|foundedon"},
    {COL_TERM_STARTED, "term_started", SHEET_VARIES, "本届起始|本届起始日期|换届日期|换届时间|本届时间|当选日期|termstarted|termstartedon"},
    {COL_TERM_YEARS, "term_years", 0, "任期|任期年|任期年限|每届任期|termyears|term"},
    {COL_DISSOLVED_ON, "dissolved_on", SHEET_VARIES, "撤销日期|撤销时间|dissolved|dissolvedon"},
    {COL_REASON, "reason", 0, "撤销原因|reason|dissolvereason"},
    COMMON_COLUMNS,
};

static const struct column_spec members[] = {
    {COL_MEMBER, "member", 0, "党员编号|党员代码|党员id|人员编号|工号|编号|member|memberid|id"},
    {COL_MEMBER_NAME, "name", SHEET_NEEDED, "姓名|党员姓名|名字|name|membername|fullname"},
    {COL_BRANCH, "branch", SHEET_NEEDED, "所在支部|所在党支部|所属支部|所属党支部|支部|党支部|党组织|所在党组织|所属党组织|支部名称|支部编号|branch|branchid|branchname"},
    {COL_STAGE, "stage", SHEET_NEEDED, "党员类别|党员类型|人员类别|类别|党内状态|正式预备|stage|membershipstage"},
    {COL_ROLE, "role", 0, "党内职务|职务|支部职务|role|position"},
    {COL_UNIT, "unit", 0, "工作单位|所在单位|单位|单位编号|unit|employer|workplace"},
    {COL_AT, "at", SHEET_NEEDED | SHEET_VARIES, "编入日期|编入时间|组织关系转入时间|组织关系转入日期|转入日期|转入时间|进入支部日期|进入支部时间|加入支部日期|at|date|since|affiliatedsince|enteredon"},
    {COL_ADMITTED_ON, "admitted_on", SHEET_VARIES, "入党日期|入党时间|加入党组织日期|加入党组织时间|joinedon|joined|admittedon"},
    {COL_CONVERTED_ON, "converted_on", SHEET_VARIES, "转正日期|转正时间|转为正式党员日期|fullsince|convertedon|converted"},
    {COL_NEW, "new", 0, "新发展|是否新发展|新发展党员|new|newlyadmitted"},
    {COL_LEFT_ON, "left_on", SHEET_VARIES, "离开日期|离开时间|出党日期|出党时间|lefton|left"},
    {COL_REASON, "reason", 0, "离开原因|出党原因|减少原因|reason|leavereason"},
    COMMON_COLUMNS,
};

static const struct column_spec meetings[] = {
    {COL_BRANCH, "branch", SHEET_NEEDED, "支部|党支部|支部编号|支部名称|党支部名称|所在支部|所属支部|组织|党组织|党组织名称|召开支部|branch|branchid|branchname"},
    {COL_KINDS, "kinds", SHEET_NEEDED, "会议类型|会议类别|活动类型|活动类别|会议种类|类型|类别|会议形式|kinds|kind|meetingtype|meetingkind|type"},
    {COL_AT, "at", SHEET_NEEDED | SHEET_VARIES, "时间|日期|会议时间|会议日期|召开时间|召开日期|活动时间|活动日期|开会时间|at|date|when|datetime|meetingdate|heldon|startsat"},
    {COL_STARTS, "starts", SHEET_VARIES, "起始时间|开始时间|会议开始时间|starttime|start|starts|time"},
    {COL_ENDS, "ends", SHEET_VARIES, "结束时间|会议结束时间|endtime|end|ends|endsat"},
    {COL_TITLE, "title", SHEET_VARIES, "主题|会议主题|会议名称|活动主题|活动名称|名称|标题|title|subject|name|theme"},
    {COL_TOPICS, "topics", 0, "议题|会议议题|议程|主要议题|topics|topic|agenda"},
    {COL_TAGS, "tags", 0, "标签|tags|tag"},
    {COL_PLACE, "place", 0, "地点|会议地点|活动地点|召开地点|place|location|venue"},
    {COL_PRESENTER, "presenter", 0, "主持人|主持|presenter|chair|host"},
    {COL_RECORDER, "recorder", 0, "记录人|记录|recorder|minutesby"},
    {COL_DURATION_MIN, "duration_min", 0, "时长|会议时长|时长分钟|durationmin|duration|minutes"},
    {COL_DUE_COUNT, "due_count", 0, "应到人数|应到|应到党员|应到会人数|应参加人数|duecount|due|expected"},
    {COL_PRESENT_COUNT, "present_count", 0, "实到人数|实到|到会人数|参会人数|参加人数|实到会人数|出席人数|presentcount|attendance|attended"},
    {COL_PRESENT, "present", SHEET_PEOPLE, "到会人员|参会人员|参加人员|出席人员|到会党员|实到人员|参会党员|到会名单|参会名单|签到|present|attendees|members|attendeenames"},
    {COL_ABSENT, "absent", SHEET_PEOPLE, "缺席人员|请假人员|缺席|缺席请假人员|未到人员|缺席名单|请假名单|absent|absentees"},
    {COL_ABSENT_REASON, "absent_reason", 0, "缺席原因|请假原因|未到原因|absencereason|absentreason"},
    {COL_GUESTS, "guests", 0, "列席人数|列席|guests|guestcount|invitees"},
    {COL_WITH, "with", 0, "联合支部|联合召开支部|共同召开|共建支部|with|jointwith"},
    {COL_CONTENT, "content", 0, "主要内容|会议内容|内容|会议记录|content|minutesofmeeting"},
    {COL_DECISION, "decision", 0, "会议决议|决议|决定事项|decision|resolution"},
    COMMON_COLUMNS,
};

static const struct column_spec trainings[] = {
    {COL_TITLE, "title", SHEET_NEEDED | SHEET_VARIES, "培训名称|培训班名称|培训主题|班次名称|培训班|名称|主题|title|name|training|course"},
    {COL_AT, "at", SHEET_NEEDED | SHEET_VARIES, "时间|日期|培训时间|培训日期|起始时间|开始时间|开班时间|开班日期|起止时间|at|date|when|startsat|datetime"},
    {COL_ENDS, "ends", SHEET_VARIES, "结束时间|结束日期|结业日期|endsat|end|ends"},
    {COL_HOURS, "hours", SHEET_NEEDED, "学时|培训学时|学时数|课时|hours|classhours"},
    {COL_HOST, "host", 0, "主办|主办单位|举办单位|承办单位|组织单位|host|organiser|organizer"},
    {COL_BRANCH, "branch", 0, "支部|党支部|支部编号|支部名称|所在支部|主办支部|branch|branchid|branchname"},
    {COL_WITH, "with", 0, "联合支部|协办支部|with|jointwith"},
    {COL_TOPICS, "topics", 0, "内容|课程|培训内容|培训课程|topics|topic|content"},
    {COL_TAGS, "tags", 0, "标签|tags|tag"},
    {COL_AUDIENCE, "audience", 0, "培训对象|培训对象类别|对象|参训对象|audience"},
    {COL_PLACE, "place", 0, "地点|培训地点|place|location|venue"},
    {COL_TRAINER, "trainer", 0, "授课人|主讲人|讲师|授课教师|trainer|lecturer|teacher"},
    {COL_DUE_COUNT, "due_count", 0, "应训人数|应参训人数|应到人数|duecount|due|expected"},
    {COL_PRESENT_COUNT, "present_count", 0, "参训人数|实训人数|实到人数|培训人数|参加人数|人数|presentcount|attendance|attended"},
    {COL_PRESENT, "present", SHEET_PEOPLE, "参训人员|参训党员|参训名单|参加人员|培训人员|present|attendees|members"},
    {COL_ABSENT, "absent", SHEET_PEOPLE, "缺席人员|请假人员|未参训人员|absent|absentees"},
    {COL_ABSENT_REASON, "absent_reason", 0, "缺席原因|请假原因|absencereason|absentreason"},
    {COL_GUESTS, "guests", 0, "列席人数|列席|guests|guestcount"},
    COMMON_COLUMNS,
};

static const struct column_spec transfers[] = {
    {COL_TRANSFER, "transfer", 0, "介绍信编号|介绍信号|介绍信|转接编号|编号|文号|transfer|transferid|letter|letterno|letternumber|id"},
    {COL_MEMBER, "member", SHEET_PEOPLE, "党员编号|党员代码|人员编号|member|memberid"},
    {COL_MEMBER_NAME, "name", SHEET_PEOPLE, "姓名|党员姓名|name|membername"},
    {COL_FROM, "from", 0, "转出支部|转出党支部|转出党组织|转出单位|转出地|原支部|原党组织|来自|from|frombranch|fromname"},
    {COL_TO, "to", 0, "转入支部|转入党支部|转入党组织|转入单位|转入地|去向|接收支部|接收党组织|to|tobranch|toname|destination"},
    {COL_AT, "issued_on", SHEET_VARIES, "开具日期|开具时间|开出日期|办理日期|办理时间|转出日期|转出时间|issued|issuedon|at|date"},
    {COL_VALID_DAYS, "valid_days", 0, "有效期|有效期天|有效期天数|有效天数|validdays|valid|validity"},
    {COL_REASON, "reason", 0, "原因|转接原因|转出原因|转移原因|事由|reason"},
    {COL_RECEIVED_ON, "received_on", SHEET_VARIES, "接收日期|接收时间|报到日期|报到时间|转入日期|转入时间|received|receivedon|admittedon"},
    {COL_RECEIPTED_ON, "receipted_on", SHEET_VARIES, "回执日期|回执时间|回执|回执收到日期|receipt|receipton|receiptedon"},
    {COL_CANCELLED_ON, "cancelled_on", SHEET_VARIES, "作废日期|撤销日期|取消日期|退回日期|cancelled|cancelledon|canceled"},
    {COL_STAGE, "stage", 0, "党员类别|党员类型|正式预备|类别|stage|membershipstage"},
    {COL_ROLE, "role", 0, "党内职务|职务|role|position"},
    {COL_UNIT, "unit", 0, "工作单位|所在单位|单位|unit|employer"},
    {COL_ADMITTED_ON, "admitted_on", SHEET_VARIES, "入党日期|入党时间|joinedon|joined"},
    COMMON_COLUMNS,
};

#define SHEET(NAME) {#NAME, NAME, ARRAY_LEN(NAME)}

const struct sheet_spec sheet_specs[SHEET_COUNT] = {
    [SHEET_UNITS] = SHEET(units),       [SHEET_BRANCHES] = SHEET(branches),   [SHEET_MEMBERS] = SHEET(members),
    [SHEET_MEETINGS] = SHEET(meetings), [SHEET_TRAININGS] = SHEET(trainings), [SHEET_TRANSFERS] = SHEET(transfers),
};
